"""Places are counted from rows, under the date's lock."""

from types import SimpleNamespace

import pytest
from django.db import connection
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from courses import services
from courses.models import CourseRun, Place
from courses.states import RunState
from tests.factories import CourseRunFactory

pytestmark = pytest.mark.django_db


def locked(run: CourseRun) -> CourseRun:
    return services.lock(run.pk)[run.pk]


def test_places_are_taken_until_there_are_none() -> None:
    run = CourseRunFactory(capacity=3)
    assert len(services.take_places(locked(run), 2)) == 2
    with pytest.raises(services.NotEnoughPlacesError) as refused:
        services.take_places(locked(run), 2)
    assert refused.value.left == 1
    assert run.places.taken().count() == 2
    services.take_places(locked(run), 1)
    assert locked(run).state == RunState.FULL


def test_a_place_given_back_is_there_again_once() -> None:
    run = CourseRunFactory(capacity=1)
    [place] = services.take_places(locked(run), 1)
    mine = Place.objects.filter(pk=place.pk)
    assert services.release_places(mine) == 1
    assert services.release_places(mine) == 0
    assert locked(run).places_left == 1


def test_a_date_made_smaller_has_no_place_left() -> None:
    run = CourseRunFactory(capacity=4)
    services.take_places(locked(run), 4)
    CourseRun.objects.update(capacity=2)
    assert locked(run).places_left == 0
    with pytest.raises(services.NotEnoughPlacesError) as refused:
        services.take_places(locked(run), 1)
    assert refused.value.left == 0


@pytest.mark.parametrize("count", [1, 5])
def test_a_list_counts_places_in_its_own_query(count: int) -> None:
    for number in range(count):
        run = CourseRunFactory(capacity=9)
        services.take_places(locked(run), number + 1)
    with CaptureQueriesContext(connection) as queries:
        taken = [run.taken for run in CourseRun.objects.with_places().order_by("pk")]
    assert taken == list(range(1, count + 1))
    assert len(queries) == 1


def test_a_lock_outside_a_transaction_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    run = CourseRunFactory()
    monkeypatch.setattr(services, "connection", SimpleNamespace(in_atomic_block=False))
    with pytest.raises(TransactionManagementError):
        services.lock(run.pk)
