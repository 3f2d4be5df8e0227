"""Which courses and dates fit what a visitor chose, and how many would fit with one more choice."""

from __future__ import annotations

import time
from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from .facets import FACETS, MONTH, OF_DATES, ONLINE, Delivery, Selection, Sort
from .facts import Facts, Kind, month_label

if TYPE_CHECKING:
    from .models.index import CourseIndexPage

# So late at most a change is seen that was made past the models: in bulk, or by the clock alone.
SECONDS_KEPT = 60
UNIONS_KEPT = 100
NO_COURSES: frozenset[int] = frozenset()
NO_CHANGES: Mapping[int, int] = {}
# What a way to give a course says of a date; in-house, it says nothing.
IS_ONLINE: dict[str, bool] = {Delivery.ONLINE: True, Delivery.IN_PERSON: False}
# The values of a kind, and whether the date is online; None where all the same.
Asked = tuple[str | bool | None, ...]


@dataclass(frozen=True)
class Option:
    """A value of a facet: how many courses it finds, and the choice to which it leads."""

    label: str
    count: int
    selection: Selection
    is_chosen: bool = False


@dataclass(frozen=True)
class Facet:
    """A facet with those of its values that lead somewhere."""

    name: str
    label: str
    options: list[Option]

    @property
    def chosen(self) -> Option | None:
        """The value that the visitor chose; its own choice is to take it back."""
        return next((option for option in self.options if option.is_chosen), None)


def _asks_of_dates(selection: Selection) -> bool:
    return any(name in selection.values for name in OF_DATES)


class Catalogue:
    """The courses of a catalogue as the facets see them.

    Every count is worked out from the same few sets, so it is the number of courses that its link
    finds, and more courses, dates or facets ask the database no more often.
    """

    kept: ClassVar[dict[int, tuple[UUID, float, Catalogue]]] = {}

    @classmethod
    def of(cls, index: CourseIndexPage) -> Catalogue:
        """Return the catalogue as it is now.

        Reading thousands of dates takes longer than all the rest of a page, so they are kept in
        memory until staff change something (`courses.editions`). Only those dates are read anew
        of which a place was taken or given back.
        """
        edition, until, catalogue = cls.kept.get(index.pk, (None, 0.0, None))
        if catalogue is None or edition != index.edition or until < time.monotonic():
            until = time.monotonic() + SECONDS_KEPT
            catalogue = cls(Facts(index))
        changes = catalogue.facts.read_changes()
        if changes != catalogue.changes:
            catalogue = cls(catalogue.facts, changes)
        cls.kept[index.pk] = index.edition, until, catalogue
        return catalogue

    def __init__(self, facts: Facts, changes: Mapping[int, int] = NO_CHANGES) -> None:
        self.facts = facts
        self.changes = changes
        self.dates = facts.dates_after(changes) if changes else facts.dates
        self.courses_on: list[set[int]] = [set() for _ in facts.kinds]
        for pk, course, kind in self.dates:
            if pk not in facts.off:
                self.courses_on[kind].add(course)
        self.labels = facts.labels
        self.months = list(dict.fromkeys(kind.month for kind in facts.kinds))
        # The first one with dates that people can come to.
        kinds = list(facts.kinds)
        self.first_month = next(
            (kinds[kind].month for pk, _, kind in self.dates if pk not in facts.off), ""
        )
        # Where such dates are. A place of hidden courses alone is told to nobody.
        self.places = {kind.place for kind in compress(kinds, self.courses_on)}
        self._courses_asked = lru_cache(UNIONS_KEPT)(self._join_courses)

    # Finding

    def knows(self, selection: Selection) -> bool:
        """Whether every value chosen is one that there is, or a month that there may be."""
        return all(
            MONTH.fullmatch(value) if name == "month" else value in self.labels[name]
            for name, value in selection.values.items()
        )

    def find(self, selection: Selection) -> Set[int]:
        """Return the courses that fit. What is asked of dates is asked of one date of a course."""
        found = self._courses_with(selection)
        if _asks_of_dates(selection):
            found.append(self._courses_asked(self._asked(selection)))
        return self._in_all(found)

    def find_dates(self, selection: Selection) -> dict[int, int]:
        """Return the dates to come that fit, soonest first, each with its course."""
        off = self.facts.off
        return {pk: course for pk, course in self.find_shown(selection).items() if pk not in off}

    def find_shown(self, selection: Selection) -> dict[int, int]:
        """Return the same dates and, among them, those that were cancelled or are in progress."""
        courses = self._in_all(self._courses_with(selection))
        kinds = self._kinds(self._asked(selection))
        return {
            pk: course for pk, course, kind in self.dates if course in courses and kind in kinds
        }

    def _courses_with(self, selection: Selection) -> list[Set[int]]:
        """Return the courses that fit what is asked of courses, for each thing that is asked."""
        values = dict(selection.values)
        if _asks_of_dates(selection) and values.get("delivery") != Delivery.IN_HOUSE:
            values.pop("delivery", None)
        return [
            self.facts.courses_with[name].get(value, NO_COURSES)
            for name, value in values.items()
            if name not in OF_DATES
        ]

    def _in_all(self, found: list[Set[int]]) -> Set[int]:
        smallest, *others = sorted(found, key=len) or [self.facts.courses.keys()]
        return frozenset(smallest).intersection(*others) if others else smallest

    def in_order(self, selection: Selection) -> dict[int, int | None]:
        """Return the courses that fit, as sorted by the visitor, with the next date that fits."""
        dates: dict[int, int | None] = {}
        for date, course in self.find_dates(selection).items():
            dates.setdefault(course, date)
        found = self.find(selection)
        order = [pk for pk in self.facts.courses if pk in found]
        if selection.sort == Sort.DATE:
            order = [*dates, *(pk for pk in order if pk not in dates)]
        elif selection.sort == Sort.PRICE:
            order.sort(key=self.facts.courses.__getitem__)
        return {pk: dates.get(pk) for pk in order}

    @staticmethod
    def _asked(selection: Selection) -> Asked:
        """Return what is asked of a date."""
        values = selection.values
        is_online = IS_ONLINE.get(values.get("delivery", ""))
        return (*(values.get(name) for name in Kind._fields), is_online)

    def _kinds(self, asked: Asked) -> frozenset[int]:
        """Return the numbers of the kinds of dates that fit."""
        *values, is_online = asked
        return frozenset(
            number
            for kind, number in self.facts.kinds.items()
            if all(value in (None, own) for value, own in zip(values, kind, strict=True))
            and is_online in (None, kind.place == ONLINE)
        )

    def _join_courses(self, asked: Asked) -> frozenset[int]:
        """Return the courses with a date that fits."""
        return frozenset().union(*(self.courses_on[kind] for kind in self._kinds(asked)))

    # Choosing

    def facets(self, selection: Selection, month: str = "") -> list[Facet]:
        """Return the facets that can narrow the list down, each value with its count.

        For the calendar of a `month`, the counts are those of the month.
        """
        names = [name for name in FACETS if not (month and name == "month")]
        facets = [self._facet(name, selection, month) for name in names]
        return [facet for facet in facets if facet.options]

    def _facet(self, name: str, selection: Selection, month: str) -> Facet:
        chosen = selection.values.get(name, "")
        values = self.months if name == "month" else self.labels[name]
        options = []
        for value in dict.fromkeys([*values, *filter(None, [chosen])]):
            choice = selection.choose(name, value)
            count = len(self.find(choice.choose("month", month) if month else choice))
            label = self.label(name, value)
            if value == chosen:
                options.append(Option(label, count, selection.drop(name), is_chosen=True))
            elif count:
                options.append(Option(label, count, choice))
        return Facet(name, FACETS[name], options)

    def label(self, name: str, value: str) -> str:
        """Return what a value of a facet is called."""
        return month_label(value) if name == "month" else self.labels[name][value]

    def nearest_wider(self, selection: Selection) -> Option | None:
        """Return the choice with one facet less that finds most, if any such finds something."""
        wider = {name: selection.drop(name) for name in selection.values}
        options = [
            Option(self.label(name, selection.values[name]), len(self.find(choice)), choice)
            for name, choice in wider.items()
        ]
        best = max(options, key=lambda option: option.count, default=None)
        return best if best and best.count else None
