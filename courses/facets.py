"""By what visitors narrow the catalogue down, and the addresses that say so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import urlencode

from django.db import models
from django.utils.text import slugify

HALF_DAY = 240
DAY = 480
ONLINE = "online"
HAS_PLACES = "yes"
MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")

# In the order in which they stand on the page and in an address.
FACETS = {
    "topic": "Topic",
    "audience": "For",
    "delivery": "How it is given",
    "place": "Place",
    "month": "Month",
    "length": "Length",
    "level": "Level",
    "standard": "Care Certificate standard",
    "price": "Price for one person",
    "places": "Places",
}
# What a single date has to fulfil: in March, in Leeds and with a place left.
OF_DATES = ("place", "month", "places")


class Delivery(models.TextChoices):
    """How a course is given."""

    IN_PERSON = "in-person", "In person"
    ONLINE = "online", "Online"
    IN_HOUSE = "in-house", "In-house"


class Length(models.TextChoices):
    """How much of the working week a course takes."""

    HALF_DAY = "half-day", "Up to half a day"
    DAY = "day", "A day"
    LONGER = "longer", "Longer"

    @classmethod
    @lru_cache(1_000)
    def of(cls, minutes: int | None) -> str:
        """Return the band of a course's teaching time; "" where nobody has said it."""
        if not minutes:
            return ""
        limits = {HALF_DAY: cls.HALF_DAY, DAY: cls.DAY}
        return next((band for limit, band in limits.items() if minutes <= limit), cls.LONGER).value


class PriceBand(models.TextChoices):
    """What a place costs, roughly."""

    FREE = "free", "Free"
    TO_50 = "to-50", "Up to £50"
    TO_100 = "to-100", "Over £50, up to £100"
    TO_200 = "to-200", "Over £100, up to £200"
    OVER_200 = "over-200", "Over £200"
    ASK = "ask", "Ask us"

    @classmethod
    @lru_cache(1_000)
    def of(cls, price: float | None) -> str:
        """Return the band of a price, VAT aside."""
        if price is None:
            return cls.ASK.value
        limits = {0: cls.FREE, 50: cls.TO_50, 100: cls.TO_100, 200: cls.TO_200}
        return next((band for limit, band in limits.items() if price <= limit), cls.OVER_200).value


class Sort(models.TextChoices):
    """By what the list is sorted."""

    DATE = "date", "Next date"
    TITLE = "title", "Title"
    PRICE = "price", "Price"


def place_value(name: str) -> str:
    """Return a town as it stands in an address."""
    return slugify(name, allow_unicode=True)


@dataclass(frozen=True)
class Selection:
    """What a visitor chose: at most one value of each facet, and a way to sort."""

    values: Mapping[str, str]
    sort: str = Sort.DATE

    @classmethod
    def asked_for(cls, parameters: Mapping[str, str]) -> Selection:
        """Read an address. What is empty counts as not chosen. Raises ValueError for nonsense."""
        chosen = {name: value for name in FACETS if (value := parameters.get(name))}
        sort = Sort(parameters.get("sort") or Sort.DATE)
        return cls(chosen, sort)

    def choose(self, name: str, value: str) -> Selection:
        """Choose a value of a facet, in place of the one chosen before."""
        return replace(self, values={**self.values, name: value})

    def drop(self, *names: str) -> Selection:
        """Take facets back."""
        left = {name: value for name, value in self.values.items() if name not in names}
        return replace(self, values=left)

    def sort_by(self, sort: str) -> Selection:
        """Sort in another way."""
        return replace(self, sort=sort)

    @property
    def query(self) -> str:
        """The one way to write it in an address: facets in their order, nothing that is usual."""
        pairs = [(name, self.values[name]) for name in FACETS if name in self.values]
        if self.sort != Sort.DATE:
            pairs.append(("sort", self.sort))
        return urlencode(pairs)

    def address(self, path: str) -> str:
        """Return the address of a view that shows it."""
        return f"{path}?{self.query}" if self.query else path
