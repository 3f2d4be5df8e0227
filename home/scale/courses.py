"""Fills the catalogue with as much as a big provider has, to measure with. Nobody reads it."""

import datetime as dt
import random
from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from base.models import Topic
from courses.models import (
    Audience,
    CareCertificateStandard,
    CourseIndexPage,
    CoursePage,
    CourseRun,
    Place,
    Venue,
)
from courses.models.reference import EDITION
from courses.querysets import CoursePageQuerySet

from .posts import MARK

SEED = 20_000
BATCH = 5_000
TOPICS = ("Dementia", "Medicines", "Safeguarding", "Autism", "Moving and assisting", "Epilepsy")
AUDIENCES = ("New to care", "Support workers", "Team leaders", "Managers", "Family carers")
TOWNS = ("Leeds", "York", "Hull", "Bristol", "Durham", "Leicester", "Derby", "Exeter")
STANDARDS = 16
MINUTES = (120, 180, 360, 720)
PRICES = ("0", "45", "95", "145", "245", None)
DAYS_AHEAD = 365
DAYS_BACK = 90


def scale_courses() -> CoursePageQuerySet:
    """Return the courses that were made here: those whose address says so."""
    courses: CoursePageQuerySet = CoursePage.objects.filter(slug__startswith=MARK)
    return courses


@transaction.atomic
def add_courses(index: CourseIndexPage, courses: int, dates: int) -> None:
    """Make so many courses with so many dates among them, one in ten of them past.

    The same numbers make the same catalogue; places are taken on most dates, all on some.
    """
    dice = random.Random(SEED + courses)  # noqa: S311
    topics = [_named(Topic, name) for name in TOPICS]
    audiences = [_named(Audience, name) for name in AUDIENCES]
    standards = [
        CareCertificateStandard.objects.get_or_create(
            edition=EDITION, number=number, defaults={"name": f"Standard {number}"}
        )[0]
        for number in range(1, STANDARDS + 1)
    ]
    made = []
    first = scale_courses().count()
    for number in range(first, first + courses):
        price = dice.choice(PRICES)
        course = CoursePage(
            title=f"Scale data {number:04}",
            slug=f"{MARK}{number:04}",
            summary="This course was made by load_scale, and only fills the lists.",
            duration_minutes=dice.choice(MINUTES),
            level=dice.choice(CoursePage.Level.values),
            price=price and Decimal(price),
            in_house=dice.random() < 1 / 2,
            online=dice.random() < 1 / 2,
        )
        course.topics = dice.sample(topics, 2)
        course.audiences = dice.sample(audiences, 2)
        course.care_certificate_standards = dice.sample(standards, 2)
        index.add_child(instance=course)
        made.append(course)
    if made:
        CourseRun.objects.bulk_create(_dates(dice, made, dates), batch_size=BATCH)
        runs = CourseRun.objects.filter(course__in=made).order_by("pk")
        Place.objects.bulk_create(_places(dice, runs), batch_size=BATCH)
        last_month = timezone.now() - dt.timedelta(days=30)
        Place.objects.filter(run__in=runs).update(taken_at=last_month)


@transaction.atomic
def remove_courses() -> int:
    """Remove every course that was made here with its dates, and return how many there were.

    Topics, audiences and venues stay: others may have come to use them.
    """
    courses = scale_courses()
    count = courses.count()
    dates = CourseRun.objects.filter(course__in=courses)
    Place.objects.filter(run__in=dates).delete()
    dates.delete()
    courses.delete()
    return count


def _named(model: type[Topic | Audience], name: str) -> Topic | Audience:
    found = model.objects.filter(name=name).first()
    return found or model.objects.get_or_create(slug=slugify(name), defaults={"name": name})[0]


def _dates(dice: random.Random, courses: list[CoursePage], count: int) -> Iterator[CourseRun]:
    venues = [
        Venue.objects.get_or_create(
            name=f"{town} meeting rooms",
            defaults={"town": town, "address": "1 High Street", "postcode": "ZZ99 3VZ"},
        )[0]
        for town in TOWNS
    ]
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    for number in range(count):
        course = courses[number % len(courses)]
        is_past = dice.random() < 1 / 10
        days = -dice.randint(1, DAYS_BACK) if is_past else dice.randint(1, DAYS_AHEAD)
        start = today + dt.timedelta(days=days, hours=dice.choice((9, 10, 13)), minutes=30)
        online = course.online and dice.random() < 1 / 2
        yield CourseRun(
            course=course,
            start=start,
            end=start + dt.timedelta(hours=3),
            online=online,
            venue=None if online else dice.choice(venues),
            capacity=12,
        )


def _places(dice: random.Random, runs: Iterable[CourseRun]) -> Iterator[Place]:
    for run in runs:
        for _ in range(dice.choice((0, 0, 3, 6, 10, run.capacity))):
            yield Place(run=run)
