"""What the facets know of courses and dates: numbers and short words, quick to read."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import compress
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import CharField, F, FloatField, IntegerField, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Lower, NullIf
from django.utils import timezone
from django.utils.formats import date_format

from base.models import Topic

from .facets import HAS_PLACES, ONLINE, Delivery, Length, PriceBand, place_value
from .models.pages import CoursePage
from .models.reference import Audience, CareCertificateStandard, Venue
from .models.runs import CourseRun

if TYPE_CHECKING:
    from .models.index import CourseIndexPage

LONGER_THAN_A_MONTH = dt.timedelta(days=32)
NO_PRICE = float("inf")
# Longer than a place is on its way into the database, and than the clocks of two servers differ.
ON_ITS_WAY = dt.timedelta(minutes=1)

# The key of a date, of its course, and the number of its kind.
Date = tuple[int, int, int]


@lru_cache(200)
def month_label(month: str) -> str:
    """Return "March 2027" for "2027-03"."""
    return date_format(dt.date.fromisoformat(f"{month}-01"), "F Y")


class Kind(NamedTuple):
    """What the facets ask of a date: where it is, in which month, whether it has places."""

    place: str
    month: str
    places: str

    @classmethod
    def of(cls, place: str, month: str, is_bookable: int) -> Kind:
        """Return the kind of a date that somebody can book, or cannot: 1 or 0."""
        return cls(place, month, HAS_PLACES if is_bookable else "")


class Facts:
    """The public courses below a catalogue and their dates that are not over, at a moment.

    They stay as they were read, so that threads share them. Only places change all day long while
    courses are sold: the dates that have changed since are read apart (`read_changes`).
    """

    def __init__(self, index: CourseIndexPage) -> None:
        self.now = timezone.now()
        self._values: dict[tuple[str, int], str] = {}
        self._venue_names: dict[int, str] = {}
        # What staff say of the topics, by their slugs.
        self.descriptions: dict[str, str] = {}
        # The values of every facet, with their names, in their order.
        self.labels: dict[str, dict[str, str]] = self._read_labels()
        # The courses by title, each with its price, and those that have a value of a facet.
        self.courses: dict[int, float] = {}
        self.courses_with: dict[str, defaultdict[str, set[int]]] = {
            name: defaultdict(set) for name in self.labels
        }
        self._read_courses(index)
        self._read_relations()
        # Every date that is shown, soonest first.
        self.dates: list[Date] = []
        # Those of them that nobody can come to: cancelled, or in progress.
        self.off: set[int] = set()
        self.kinds: dict[Kind, int] = {}
        # The venues to which people can come, by name, and the values of their places.
        self.venues: set[tuple[str, str]] = set()
        self._read_dates()

    def read_changes(self) -> dict[int, int]:
        """Return whether somebody can book, 1 or 0, for the dates whose places have changed since.

        Some may have changed just before: better read twice than missed.
        """
        now = timezone.now()
        dates = CourseRun.objects.upcoming(now).with_places_changed_since(self.now - ON_ITS_WAY)
        columns = ("pk", "is_bookable")
        return dict(dates.with_bookability(now).values_list(*columns))

    def dates_after(self, changes: Mapping[int, int]) -> list[Date]:
        """Return the dates after changes that `read_changes` found."""
        after = {
            (number, is_bookable): self.kinds[Kind.of(kind.place, kind.month, is_bookable)]
            for kind, number in self.kinds.items()
            for is_bookable in (1, 0)
        }
        return [
            (pk, course, after[kind, changes[pk]] if pk in changes else kind)
            for pk, course, kind in self.dates
        ]

    def _read_labels(self) -> dict[str, dict[str, str]]:
        number = Cast("number", CharField())
        town = Coalesce(NullIf("town", Value("")), F("name"))
        nothing = Value("", CharField())
        named = self._named(
            "topic", Topic.objects.all(), F("slug"), F("name"), F("description")
        ).union(
            self._named("audience", Audience.objects.all(), F("slug"), F("name"), nothing),
            self._named(
                "standard", CareCertificateStandard.objects.of_courses(), number, F("name"), nothing
            ),
            self._named("venue", Venue.objects.all(), nothing, town, F("name")),
            all=True,
        )
        labels: dict[str, dict[str, str]] = {
            "topic": {},
            "audience": {},
            "standard": {},
            "place": {},
        }
        for kind, pk, value, label, more in sorted(named, key=_in_order):
            if kind == "venue":
                self._venue_names[pk] = more
                value = place_value(label) or str(pk)
                labels["place"].setdefault(value, label)
            else:
                labels[kind][value] = f"{value}. {label}" if kind == "standard" else label
                if kind == "topic":
                    self.descriptions[value] = more
            self._values[kind, pk] = value
        labels["place"][ONLINE] = "Online"
        return labels | {
            "delivery": dict(Delivery.choices),
            "length": dict(Length.choices),
            "level": dict(CoursePage.Level.choices),
            "price": dict(PriceBand.choices),
            "places": {HAS_PLACES: "With places left"},
        }

    @staticmethod
    def _named(kind: str, rows: QuerySet, *columns: Any) -> QuerySet:
        return rows.order_by().values_list(Value(kind, CharField()), "pk", *columns)

    def _read_courses(self, index: CourseIndexPage) -> None:
        # Numbers as the database has them: making decimals and truths of thousands takes longer.
        ways = {
            f"is_{way}": Cast(way, IntegerField()) for way in ("in_person", "online", "in_house")
        }
        courses = CoursePage.objects.child_of(index).visible().order_by(Lower("title"), "pk")
        rows = courses.annotate(pounds=Cast("price", FloatField()), **ways).values_list(
            "pk", "level", "duration_minutes", "pounds", *ways
        )
        for pk, level, minutes, pounds, *is_offered in rows:
            self.courses[pk] = NO_PRICE if pounds is None else pounds
            self.courses_with["level"][level].add(pk)
            self.courses_with["length"][Length.of(minutes)].add(pk)
            self.courses_with["price"][PriceBand.of(pounds)].add(pk)
            for way in compress(Delivery.values, is_offered):
                self.courses_with["delivery"][way].add(pk)

    def _read_relations(self) -> None:
        relations = [
            ("topic", CoursePage.topics, "topic_id"),
            ("audience", CoursePage.audiences, "audience_id"),
            ("standard", CoursePage.care_certificate_standards, "carecertificatestandard_id"),
        ]
        first, *others = (
            relation.through.objects.order_by().values_list(
                Value(kind, CharField()), "coursepage_id", column
            )
            for kind, relation, column in relations
        )
        for kind, course, pk in first.union(*others, all=True):
            # What staff have added since the labels were read waits for the next time.
            if course in self.courses and (kind, pk) in self._values:
                self.courses_with[kind][self._values[kind, pk]].add(course)

    def _read_dates(self) -> None:
        shown = CourseRun.objects.shown(self.now).with_bookability(self.now)
        columns = ("pk", "course_id", "venue_id", "is_bookable", "is_upcoming", "at")
        rows = list(shown.annotate(at=Cast("start", CharField())).values_list(*columns))
        places = {pk: value for (kind, pk), value in self._values.items() if kind == "venue"}
        for month, first, last in self._months([row[-1] for row in rows]):
            numbers = {
                (venue, is_bookable): self._number(Kind.of(place, month, is_bookable))
                for venue, place in [(None, ONLINE), *places.items()]
                for is_bookable in (1, 0)
            }
            for pk, course, venue, is_bookable, is_upcoming, _ in rows[first:last]:
                number = numbers.get((venue, is_bookable))
                if course in self.courses and number is not None:
                    self.dates.append((pk, course, number))
                    if not is_upcoming:
                        self.off.add(pk)
                    elif venue:
                        self.venues.add((self._venue_names[venue], places[venue]))

    def _number(self, kind: Kind) -> int:
        return self.kinds.setdefault(kind, len(self.kinds))

    def _months(self, starts: list[str]) -> Iterator[tuple[str, int, int]]:
        """Yield every month in London that has dates, and where they begin and end.

        What began in an earlier month, and is in progress, belongs to this one.
        """
        begins = timezone.localtime(self.now).replace(
            day=1, hour=0, minute=0, second=0, microsecond=0
        )
        first = 0
        while first < len(starts):
            ends = (begins + LONGER_THAN_A_MONTH).replace(day=1)
            # Both databases write a time as text in UTC, which sorts as times do.
            last = bisect_left(starts, f"{ends.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S}", lo=first)
            if last > first:
                yield f"{begins:%Y-%m}", first, last
            begins, first = ends, last


def _in_order(row: tuple[Any, ...]) -> tuple[int, str]:
    kind, _, value, label, _ = row
    return (int(value) if kind == "standard" else 0, label.casefold())
