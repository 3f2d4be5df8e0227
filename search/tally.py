"""What is searched for, counted without saying by whom.

A search adds to numbers in memory; every half minute a thread writes them down, all at once. So no
visitor waits for it, and a process that is killed loses half a minute of counting.
"""

from __future__ import annotations

import atexit
import logging
import re
import threading
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from base import confidentiality

from .models import SearchTally
from .words import plain

SECONDS = 30
# How long the numbers are kept; more than a year, so that a month can be held against last year's.
KEPT = timedelta(days=400)
LONGEST = 60
# A flood of made-up words is counted no further than this.
MOST_AT_ONCE = 500
MOST_A_DAY = 5_000

# What counts as personal in a few words, though it may stand in a text: a long number, a postcode,
# a date of birth.
PERSONAL = re.compile(
    r"\d{5}|\b[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}\b|\b\d{1,2}([ /.-])\d{1,2}\1\d{2,4}\b",
    re.IGNORECASE,
)

logger = logging.getLogger(__name__)


@dataclass
class Numbers:
    """How often, and with what outcome the last time."""

    searches: int = 0
    clicks: int = 0
    found: int = 0


class Counter:
    """The numbers that are not written down yet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers: defaultdict[tuple[date, str], Numbers] = defaultdict(Numbers)
        self._timer: threading.Timer | None = None

    def search(self, text: str, found: int) -> None:
        """Count a search, and how much it found that has all the words.

        What may be personal is not counted at all.
        """
        words = countable(text)
        if words and (numbers := self._of(words)):
            numbers.searches += 1
            numbers.found = found

    def click(self, text: str) -> None:
        """Count that somebody went on to a result."""
        words = countable(text)
        if words and (numbers := self._of(words)):
            numbers.clicks += 1

    def _of(self, words: str) -> Numbers | None:
        key = (timezone.localdate(), words)
        with self._lock:
            if key not in self._numbers and len(self._numbers) >= MOST_AT_ONCE:
                return None
            if self._timer is None and settings.SEARCH_TALLY_IN_BACKGROUND:
                self._timer = threading.Timer(SECONDS, self._write_in_background)
                self._timer.daemon = True
                self._timer.start()
            return self._numbers[key]

    def _write_in_background(self) -> None:
        try:
            self.write()
        except DatabaseError:
            logger.warning("What was searched for could not be written down", exc_info=True)
        finally:
            connection.close()

    def write(self) -> None:
        """Write the numbers down and begin anew."""
        with self._lock:
            numbers, self._numbers = self._numbers, defaultdict(Numbers)
            self._timer = None
        if not numbers:
            return
        with transaction.atomic():
            today = SearchTally.objects.filter(day__in={day for day, _ in numbers}).count()
            room = max(MOST_A_DAY - today, 0)
            searched = [key for key, each in sorted(numbers.items()) if each.searches]
            SearchTally.objects.bulk_create(
                [SearchTally(day=day, words=words) for day, words in searched[:room]],
                ignore_conflicts=True,
            )
            for (day, words), each in sorted(numbers.items()):
                tally = SearchTally.objects.filter(day=day, words=words)
                tally.update(clicks=F("clicks") + each.clicks)
                if each.searches:
                    tally.update(searches=F("searches") + each.searches, found=each.found)


def countable(text: str) -> str:
    """Return the words as they are counted; "" for what is long, empty, or looks personal."""
    words = plain(text)
    if len(words) > LONGEST or "@" in text or PERSONAL.search(text) or confidentiality.find(text):
        return ""
    return words


def forget_old_numbers() -> None:
    """Delete what is older than the numbers are kept."""
    SearchTally.objects.filter(day__lt=timezone.localdate() - KEPT).delete()


counter = Counter()


@atexit.register
def _write_at_the_end() -> None:
    if settings.configured and settings.SEARCH_TALLY_IN_BACKGROUND:
        counter._write_in_background()
