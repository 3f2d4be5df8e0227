"""What words of a search mean to the catalogue: a month, a place, a way to learn, a price."""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property

from django.contrib.contenttypes.models import ContentType

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
POUNDS = re.compile("[0-9]{1,4}")
AT_MOST = {("under",), ("below",), ("up", "to"), ("less", "than"), ("at", "most")}
WAYS = {
    ("online",): Delivery.ONLINE,
    ("virtual",): Delivery.ONLINE,
    ("in", "person"): Delivery.IN_PERSON,
    ("face", "to", "face"): Delivery.IN_PERSON,
    ("classroom",): Delivery.IN_PERSON,
    ("in", "house"): Delivery.IN_HOUSE,
}
STANDARD = ("standard",)
LONGEST_PLACE = 4
SUGGESTED = 3
DATES_SHOWN = 30
# Where nothing was found.
TOPICS_OFFERED = 6
DATES_OFFERED = 3
PRICE_AT_MOST = "at_most"


@register
class CatalogueSource:
    """Reads words as what narrows the catalogue down (`courses.facets`)."""

    def read(self, words: Sequence[str]) -> Iterator[Meaning]:
        """Yield the first thing that the words from each place on mean."""
        catalogue = self._catalogue
        if catalogue is None:
            return
        place = 0
        while place < len(words):
            meaning = (
                self._month(words, place, catalogue)
                or self._way(words, place)
                or self._price(words, place)
                or self._standard(words, place, catalogue)
                or self._place(words, place, catalogue)
            )
            if meaning:
                yield meaning
            place = meaning.last if meaning else place + 1

    def pages(self, meanings: Sequence[Meaning]) -> Collection[tuple[int, int]]:
        """Return the courses that fit."""
        catalogue = self._catalogue
        if catalogue is None:
            return []
        content_type = ContentType.objects.get_for_model(CoursePage).pk
        found = set(catalogue.find(_selection(meanings)))
        for meaning in meanings:
            if meaning.name == PRICE_AT_MOST:
                prices = catalogue.facts.courses
                found = {pk for pk in found if prices[pk] <= int(meaning.value)}
        return {(content_type, pk) for pk in found}

    def suggest(self, beginning: str) -> Iterator[Suggestion]:
        """Yield topics and places, which the catalogue lists at addresses of their own."""
        catalogue, index = self._catalogue, self._index
        if catalogue is None or index is None:
            return
        for name, kind in (("topic", "Topic"), ("place", "Place")):
            for value, label in catalogue.labels[name].items():
                if any(word.startswith(beginning) for word in label.lower().split()):
                    selection = Selection({name: value})
                    if catalogue.find(selection):
                        yield Suggestion(label, selection.address(index.url), kind)

    def dates(self, pages: Sequence[int], meanings: Sequence[Meaning]) -> Sequence[int]:
        """Return the next dates of the courses among the pages."""
        catalogue = self._catalogue
        if catalogue is None:
            return []
        chosen = set(pages)
        dates = catalogue.find_dates(_selection(meanings))
        return [pk for pk, course in dates.items() if course in chosen][:DATES_SHOWN]

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
        return CourseIndexPage.objects.visible().first()

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
        for said, way in WAYS.items():
            if tuple(words[place : place + len(said)]) == said:
                return Meaning(place, place + len(said), "delivery", way, way.label)
        return None

    def _price(self, words: Sequence[str], place: int) -> Meaning | None:
        if words[place] == "free":
            return Meaning(place, place + 1, "price", PriceBand.FREE, PriceBand.FREE.label)
        for said in AT_MOST:
            last = place + len(said)
            amount = words[last] if last < len(words) else ""
            if tuple(words[place:last]) == said and POUNDS.fullmatch(amount):
                end = last + 1 + (words[last + 1 : last + 2] in (["pounds"], ["pound"]))
                return Meaning(place, end, PRICE_AT_MOST, amount, f"At most £{int(amount)}")
        return None

    def _standard(self, words: Sequence[str], place: int, catalogue: Catalogue) -> Meaning | None:
        first = place
        if tuple(words[place : place + 2]) == ("care", "certificate"):
            place += 2
        if tuple(words[place : place + 1]) != STANDARD or place + 1 >= len(words):
            return None
        number = words[place + 1]
        label = catalogue.labels["standard"].get(number)
        return Meaning(first, place + 2, "standard", number, label) if label else None

    def _place(self, words: Sequence[str], place: int, catalogue: Catalogue) -> Meaning | None:
        first = place
        if words[place] in ("in", "near", "at") and place + 1 < len(words):
            place += 1
        for length in range(min(LONGEST_PLACE, len(words) - place), 0, -1):
            value = "-".join(words[place : place + length])
            label = catalogue.labels["place"].get(value)
            if label and value != ONLINE:
                return Meaning(first, place + length, "place", value, label)
        return None


def _selection(meanings: Sequence[Meaning]) -> Selection:
    return Selection({m.name: m.value for m in meanings if m.name != PRICE_AT_MOST})
