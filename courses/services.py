"""The only writers of places. Every change of a date's places holds the date's lock."""

from django.db import connection, models
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from .models import CourseRun, Place


class NotEnoughPlacesError(Exception):
    """A date has fewer places left than somebody asks for: `left` of them."""

    def __init__(self, left: int) -> None:
        super().__init__(f"{left} places are left")
        self.left = left


def lock(*pks: int) -> dict[int, CourseRun]:
    """Lock dates until the transaction ends, always in the same order, and return them by key.

    A transaction on SQLite has the whole database to itself from its beginning (IMMEDIATE).
    Raises TransactionManagementError outside a transaction, where a lock would hold nothing.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("A date is locked in a transaction only.")
    runs = CourseRun.objects.select_for_update(of=("self",)).select_related("course", "venue")
    return {run.pk: run for run in runs.filter(pk__in=pks).order_by("pk")}


def take_places(run: CourseRun, count: int) -> list[Place]:
    """Take so many places of a date that `lock` returned.

    Raises NotEnoughPlacesError, with nothing taken, where there are not as many.
    """
    left = run.capacity - run.places.taken().count()
    if count > left:
        raise NotEnoughPlacesError(max(left, 0))
    return [Place.objects.create(run=run) for _ in range(count)]


def release_places(places: models.QuerySet[Place]) -> int:
    """Give places back, each once, and return how many. Their dates must be locked."""
    return places.filter(released_at=None).update(released_at=timezone.now())
