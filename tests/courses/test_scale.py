"""The catalogue of a big provider is as quick as that of a small one, and its query budget is."""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.models import CourseIndexPage, CoursePage, CourseRun
from tests.factories import CourseIndexPageFactory, OrganisationSettingsFactory
from tests.test_queries import BUDGET

AT_MOST = 2.5
FEW = (20, 200)
MONTH = "{month}"
# The list as it is, one facet, dates' facets together, a sorted one, another page, nothing found.
CHOICES = (
    "",
    "?topic=dementia",
    "?place=leeds&places=yes",
    f"?delivery=online&month={MONTH}",
    "?audience=managers&length=day&standard=3&sort=price",
    "?level=advanced&sort=title",
    "?price=free&level=advanced&length=longer&standard=1&topic=autism&place=york",
)


def grow(courses: int, dates: int) -> list[str]:
    """Make so many more, and return the addresses that are asked for."""
    call_command("load_scale", courses=courses, dates=dates, verbosity=0)
    month = f"{CourseRun.objects.upcoming().order_by('-start')[dates // 2].start:%Y-%m}"
    return [f"/courses/{choice.format(month=month)}" for choice in CHOICES]


@contextmanager
def asked() -> Iterator[list[int]]:
    with CaptureQueriesContext(connection) as captured:
        counts: list[int] = []
        yield counts
    counts.append(len(captured.captured_queries))


def p95(client: Client, addresses: list[str], requests: int) -> float:
    """The seconds within which 19 of 20 requests are answered."""
    for address in addresses:
        assert client.get(address).status_code == 200
    seconds = []
    for number in range(requests):
        began = time.perf_counter()
        client.get(addresses[number % len(addresses)])
        seconds.append(time.perf_counter() - began)
    return statistics.quantiles(seconds, n=20)[-1]


def most_queries(client: Client, addresses: list[str]) -> int:
    """How often a page asks the database where nothing is remembered."""
    counts = []
    for address in addresses:
        CourseIndexPage.objects.get().save()
        with asked() as count:
            client.get(address)
        counts += count
    return max(counts)


@pytest.mark.slow
@pytest.mark.django_db
def test_two_thousand_courses_are_as_quick_as_twenty(
    client: Client, rounds: Callable[[int, int], int]
) -> None:
    OrganisationSettingsFactory()
    CourseIndexPageFactory()
    requests = rounds(28, 280)
    addresses = grow(*FEW)
    few = p95(client, addresses, requests), most_queries(client, addresses)
    courses = rounds(100, 2_000)
    addresses = grow(courses - FEW[0], courses * 10 - FEW[1])
    many = p95(client, addresses, requests), most_queries(client, addresses)
    assert CoursePage.objects.count() == courses
    assert CourseRun.objects.count() == courses * 10
    assert many[1] == few[1] <= BUDGET
    assert many[0] < AT_MOST * few[0], f"{many[0] * 1000:.0f} ms, {few[0] * 1000:.0f} ms at twenty"
    print(f"p95 {few[0] * 1000:.1f} ms at 20 courses, {many[0] * 1000:.1f} ms at {courses}")
