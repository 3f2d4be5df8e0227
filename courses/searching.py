"""What words of a search mean to the catalogue: a month, a place, a way to learn, a price."""

from __future__ import annotations

import calendar
import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import chain, product
from operator import add

from django.contrib.contenttypes.models import ContentType

from base.search_backend import WORD
from base.searching import Meaning, Suggestion, register

from .catalogue import Catalogue
from .facets import ONLINE, Delivery, PriceBand, Selection
from .models import CourseIndexPage, CoursePage, CourseRun

MONTHS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}
# A month that is also a word needs one of these before it, or a year behind it.
DOUBTFUL = {"may", "mar", "march"}
BEFORE_A_MONTH = {"in", "during", "for", "next", "this"}
YEAR = re.compile("20[0-9]{2}")
AMOUNT = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,6})(?:\.[0-9]{1,2})?")
POUNDS = {("pound",), ("pounds",)}
AT_MOST = {
    *(("under",), ("below",), ("up", "to"), ("less", "than"), ("at", "most")),
    *(("max",), ("maximum",), ("no", "more", "than")),
}
OR_LESS = {("or", "less"), ("or", "under"), ("or", "below"), ("max",), ("maximum",)}
WAYS = {
    ("online",): Delivery.ONLINE,
    ("virtual",): Delivery.ONLINE,
    ("in", "person"): Delivery.IN_PERSON,
    ("face", "to", "face"): Delivery.IN_PERSON,
    ("classroom",): Delivery.IN_PERSON,
    ("in", "house"): Delivery.IN_HOUSE,
}
CARE_CERTIFICATE = {("care", "certificate")}
STANDARD = {("standard",)}
NUMBERS = [
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
]
LONGEST_PLACE = 4
SUGGESTED = 3
# Where nothing was found.
TOPICS_OFFERED = 6
DATES_OFFERED = 3
PRICE_AT_MOST = "at_most"


@register
class CatalogueSource:
    """Reads words as what narrows the catalogue down (`courses.facets`)."""

    def read(self, words: Sequence[str], signs: Sequence[str]) -> Iterator[Meaning]:
        """Yield the first thing that the words from each place on mean."""
        catalogue = self._catalogue
        if catalogue is None:
            return
        place = 0
        while place < len(words):
            meaning = (
                self._month(words, place, catalogue)
                or self._way(words, place)
                or self._price(words, signs, place)
                or self._standard(words, place, catalogue)
                or self._place(words, place, catalogue)
            )
            if meaning:
                yield meaning
            place = meaning.last if meaning else place + 1

    def words(self) -> Collection[str]:
        """Return months, the words of places with dates, and ways to learn that are one word."""
        catalogue = self._catalogue
        if catalogue is None:
            return []
        places = (value.split("-") for value in catalogue.places)
        return {*MONTHS, *chain(*places), *(way for way, *others in WAYS if not others)}

    def pages(self, meanings: Sequence[Meaning]) -> Collection[tuple[int, int]]:
        """Return the courses that fit."""
        catalogue = self._catalogue
        if catalogue is None:
            return []
        content_type = ContentType.objects.get_for_model(CoursePage).pk
        found: set[int] = set().union(*map(catalogue.find, _selections(meanings)))
        limits = [int(meaning.value) for meaning in meanings if meaning.name == PRICE_AT_MOST]
        prices = catalogue.facts.courses
        return {(content_type, pk) for pk in found if not limits or prices[pk] <= max(limits)}

    def suggest(self, beginning: str) -> Iterator[Suggestion]:
        """Yield topics and places, which the catalogue lists at addresses of their own.

        A venue leads to the list of its town.
        """
        catalogue, index = self._catalogue, self._index
        if catalogue is None or index is None:
            return
        for name, kind in (("topic", "Topic"), ("place", "Place")):
            for value, label in catalogue.labels[name].items():
                if _begin(beginning, label):
                    selection = Selection({name: value})
                    if catalogue.find(selection):
                        yield Suggestion(label, selection.address(index.url), kind)
        for venue, value in sorted(catalogue.facts.venues):
            town = catalogue.labels["place"][value]
            if venue != town and _begin(beginning, venue):
                address = Selection({"place": value}).address(index.url)
                yield Suggestion(f"{venue}, {town}", address, "Place")

    def dates(self, pages: Sequence[int], meanings: Sequence[Meaning]) -> Sequence[int]:
        """Return the dates of the courses among the pages."""
        catalogue = self._catalogue
        if catalogue is None:
            return []
        chosen = set(pages)
        fitting: set[int] = set().union(*map(catalogue.find_dates, _selections(meanings)))
        return [pk for pk, course, _ in catalogue.dates if pk in fitting and course in chosen]

    def leaves(self, dates: Sequence[int]) -> Sequence[CourseRun]:
        """Return dates as leaves of a calendar."""
        return list(CourseRun.objects.upcoming().for_leaves().filter(pk__in=dates))

    def topics(self) -> Iterator[Suggestion]:
        """Yield the topics of most courses."""
        catalogue, index = self._catalogue, self._index
        if catalogue is None or index is None:
            return
        labels = catalogue.labels["topic"]
        courses = catalogue.facts.courses_with["topic"]
        most_first = sorted(courses, key=lambda value: (-len(courses[value]), labels[value]))
        for value in most_first[:TOPICS_OFFERED]:
            address = Selection({"topic": value}).address(index.url)
            yield Suggestion(labels[value], address, "Topic")

    def next_dates(self) -> Sequence[int]:
        """Return the next dates that people can come to."""
        catalogue = self._catalogue
        return list(catalogue.find_dates(Selection({})))[:DATES_OFFERED] if catalogue else []

    @cached_property
    def _index(self) -> CourseIndexPage | None:
        # By path, as pages come, a database may read all pages to find the only one.
        return CourseIndexPage.objects.visible().order_by("pk").first()

    @cached_property
    def _catalogue(self) -> Catalogue | None:
        return Catalogue.of(self._index) if self._index else None

    def _month(self, words: Sequence[str], place: int, catalogue: Catalogue) -> Meaning | None:
        first = place
        if words[place] in BEFORE_A_MONTH and place + 1 < len(words):
            place += 1
        number = MONTHS.get(words[place])
        if number is None:
            return None
        last = place + 1
        year = words[last] if last < len(words) and YEAR.fullmatch(words[last]) else ""
        if words[place] in DOUBTFUL - {"march"} and first == place and not year:
            return None
        ending = f"-{number:02}"
        month = next(
            (
                month
                for month in catalogue.months
                if month.endswith(ending) and month.startswith(year)
            ),
            None,
        )
        if month is None:
            return None
        label = catalogue.label("month", month)
        return Meaning(first, last + bool(year), "month", month, label)

    def _way(self, words: Sequence[str], place: int) -> Meaning | None:
        length = _length(words, place, WAYS)
        if not length:
            return None
        way = WAYS[tuple(words[place : place + length])]
        return Meaning(place, place + length, "delivery", way, way.label)

    def _price(self, words: Sequence[str], signs: Sequence[str], place: int) -> Meaning | None:
        if words[place] == "free":
            return Meaning(place, place + 1, "price", PriceBand.FREE, PriceBand.FREE.label)
        before = _length(words, place, AT_MOST)
        amount = _amount(words, signs, place + before)
        if not amount:
            return None
        pounds, end = amount
        after = _length(words, end, OR_LESS)
        if not (before or after):
            return None
        return Meaning(place, end + after, PRICE_AT_MOST, str(pounds), f"At most £{pounds:,}")

    def _standard(self, words: Sequence[str], place: int, catalogue: Catalogue) -> Meaning | None:
        last = place + _length(words, place, CARE_CERTIFICATE)
        last += _length(words, last, STANDARD)
        if last == place or last >= len(words):
            return None
        said = words[last]
        number = str(NUMBERS.index(said) + 1) if said in NUMBERS else said
        label = catalogue.labels["standard"].get(number)
        return Meaning(place, last + 1, "standard", number, label) if label else None

    def _place(self, words: Sequence[str], place: int, catalogue: Catalogue) -> Meaning | None:
        first = place
        if words[place] in ("in", "near", "at") and place + 1 < len(words):
            place += 1
        for length in range(min(LONGEST_PLACE, len(words) - place), 0, -1):
            value = "-".join(words[place : place + length])
            if value in catalogue.places - {ONLINE}:
                label = catalogue.label("place", value)
                return Meaning(first, place + length, "place", value, label)
        return None


def _begin(typed: str, label: str) -> bool:
    """Whether the words typed begin words of a label, in their order."""
    words = iter(WORD.findall(label.lower()))
    return all(any(word.startswith(part) for word in words) for part in typed.split())


def _length(words: Sequence[str], place: int, phrases: Collection[tuple[str, ...]]) -> int:
    """Return how many words from a place on are one of the phrases."""
    return max(
        (len(said) for said in phrases if tuple(words[place : place + len(said)]) == said),
        default=0,
    )


def _amount(words: Sequence[str], signs: Sequence[str], place: int) -> tuple[int, int] | None:
    """Return an amount of pounds, with pence the next whole one, and where it ends."""
    end = place + 1
    while end < len(words) and signs[end] in {",", "."} and words[end].isdigit():
        end += 1
    written = "".join(map(add, signs[place:end], words[place:end]))
    number = written.removeprefix("£")
    said = _length(words, end, POUNDS)
    if not AMOUNT.fullmatch(number) or not (said or written != number):
        return None
    return math.ceil(Decimal(number.replace(",", ""))), end + said


def _selections(meanings: Sequence[Meaning]) -> Iterator[Selection]:
    """Yield what to choose for the meanings, once with each of several that have one name."""
    values: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for meaning in meanings:
        if meaning.name != PRICE_AT_MOST:
            values[meaning.name][meaning.value] = None
    for chosen in product(*values.values()):
        yield Selection(dict(zip(values, chosen, strict=True)))
