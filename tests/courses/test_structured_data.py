"""What search engines read of courses and dates.

Sources: schema.org (Course, CourseInstance, EducationEvent, Offer, Place, Schedule) and Google
Search Central: “Event”, “Course list” and “Course info” structured data, the last retired in 2025
and still what says most about `Course` and `CourseInstance`.
"""

import datetime as dt
import json
import zoneinfo
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from courses.models import CoursePage, CourseRun, Place
from courses.states import RunState
from tests import markup
from tests.factories import (
    CourseIndexPageFactory,
    CoursePageFactory,
    CourseRunFactory,
    CustomImageFactory,
    OrganisationSettingsFactory,
    PersonPageFactory,
    ProgrammePageFactory,
    TopicFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db

Data = dict[str, Any]

LONDON = zoneinfo.ZoneInfo("Europe/London")
SCHEMA = "https://schema.org/"

# The properties that Google Search Central calls required, and those that it recommends.
COURSE = {"name", "description", "provider", "offers", "hasCourseInstance"}
COURSE_RECOMMENDED = {"image", "about", "inLanguage", "educationalLevel", "coursePrerequisites"}
COURSE_RECOMMENDED |= {"teaches", "timeRequired", "url"}
INSTANCE = {"courseMode", "courseSchedule", "courseWorkload"}
INSTANCE_RECOMMENDED = {"instructor", "location", "startDate", "endDate", "offers"}
EVENT = {"name", "startDate", "location"}
EVENT_RECOMMENDED = {"description", "endDate", "eventStatus", "eventAttendanceMode", "image"}
EVENT_RECOMMENDED |= {"offers", "organizer", "performer"}
OFFER = {"category", "price", "priceCurrency"}
OFFER_RECOMMENDED = {"availability", "url", "validFrom"}
LIST_ITEM = {"position", "url"}


def read(client: Client, url: str) -> Data:
    (script,) = markup.read(client.get(url).content).find_all("script", type="application/ld+json")
    return json.loads(script.string)


def parts(client: Client, course: CoursePage) -> tuple[Data, list[Data]]:
    """The course, and its dates as events."""
    data = read(client, course.url)
    assert data["@context"] == "https://schema.org"
    described, *events = data["@graph"]
    assert described["@type"] == "Course"
    assert {event["@type"] for event in events} <= {"EducationEvent"}
    return described, events


def only(client: Client, run: CourseRun) -> tuple[Data, Data]:
    """The one instance of a course and its one event."""
    course, (event,) = parts(client, run.course)
    (instance,) = course["hasCourseInstance"]
    return instance, event


def full_course(**fields: Any) -> CoursePage:
    values: Data = {
        "title": "Care </script><b>at night",
        "image": CustomImageFactory(),
        "topics": [TopicFactory(name="Nights")],
        "trainers": [PersonPageFactory(title="Amina")],
        "outcomes": [{"type": "outcome", "value": "Stay awake"}],
        "prerequisites": "None.",
        "duration_minutes": 390,
    }
    return CoursePageFactory(**values | fields)


def test_everything_required_and_recommended_is_there(client: Client) -> None:
    OrganisationSettingsFactory(organisation_name="Brightening Minds")
    opened = timezone.now() - dt.timedelta(days=1)
    run = CourseRunFactory(course=full_course(), booking_opens_at=opened)
    course, (event,) = parts(client, run.course)
    (instance,) = course["hasCourseInstance"]
    for data, properties in (
        (course, COURSE | COURSE_RECOMMENDED),
        (instance, INSTANCE | INSTANCE_RECOMMENDED),
        (event, EVENT | EVENT_RECOMMENDED),
        (event["offers"], OFFER | OFFER_RECOMMENDED),
    ):
        assert properties <= data.keys(), properties - data.keys()
        assert all(value not in (None, "", [], {}) for value in data.values())
    assert course["provider"] == {
        "@type": "Organization",
        "name": "Brightening Minds",
        "url": "http://localhost/",
    }
    assert event["organizer"] == course["provider"]
    assert course["timeRequired"] == instance["courseWorkload"] == "PT6H30M"
    assert instance["instructor"][0]["name"] == event["performer"][0]["name"] == "Amina"
    assert course["name"] == event["name"] == "Care </script><b>at night"
    assert all(url.startswith("http://localhost/") for url in course["image"])
    ids = [course["@id"], instance["@id"], event["@id"]]
    assert len(set(ids)) == 3


def test_nothing_in_a_course_ends_the_element(client: Client) -> None:
    course = full_course()
    assert b"</script><b>" not in client.get(course.url).content


def test_a_room_is_a_place_with_an_address_and_what_it_offers(client: Client) -> None:
    venue = VenueFactory(
        name="The Old Printworks",
        address="Studio 3\n41 Ink Street",
        town="Leeds",
        postcode="LS1 1AA",
        step_free=True,
        changing_places=False,
        map_url="https://www.openstreetmap.org/node/1",
    )
    instance, event = only(client, CourseRunFactory(venue=venue))
    assert event["location"] == instance["location"]
    assert event["location"] == {
        "@type": "Place",
        "name": "The Old Printworks",
        "address": {
            "@type": "PostalAddress",
            "streetAddress": "Studio 3, 41 Ink Street",
            "addressLocality": "Leeds",
            "postalCode": "LS1 1AA",
            "addressCountry": "GB",
        },
        "hasMap": "https://www.openstreetmap.org/node/1",
        "amenityFeature": [
            {
                "@type": "LocationFeatureSpecification",
                "name": "Step-free way in",
                "value": True,
            },
            {
                "@type": "LocationFeatureSpecification",
                "name": "Changing Places toilet",
                "value": False,
            },
        ],
    }
    assert event["eventAttendanceMode"] == f"{SCHEMA}OfflineEventAttendanceMode"
    assert instance["courseMode"] == "Onsite"


def test_an_online_date_has_an_address_on_the_web(client: Client) -> None:
    run = CourseRunFactory(online=True)
    instance, event = only(client, run)
    assert event["location"] == {"@type": "VirtualLocation", "url": run.course.full_url}
    assert event["eventAttendanceMode"] == f"{SCHEMA}OnlineEventAttendanceMode"
    assert instance["courseMode"] == "Online"


@pytest.mark.parametrize(
    ("price", "vat", "expected"),
    [
        ("145", "added", ("Paid", "145.00", False)),
        ("145.5", "included", ("Paid", "145.50", True)),
        ("145", "exempt", ("Paid", "145.00", None)),
        ("0", "added", ("Free", "0.00", None)),
    ],
)
def test_the_price_says_its_vat(
    price: str, vat: str, expected: tuple[str, str, bool | None], client: Client
) -> None:
    run = CourseRunFactory(course__price=Decimal(price), course__vat=vat)
    course, (event,) = parts(client, run.course)
    for offer in (course["offers"], event["offers"]):
        specification = offer.get("priceSpecification", {})
        included = specification.get("valueAddedTaxIncluded")
        assert (offer["category"], offer["price"], included) == expected
        assert offer["priceCurrency"] == specification.get("priceCurrency", "GBP") == "GBP"
        assert specification.get("price", offer["price"]) == offer["price"]


def test_a_price_that_one_asks_for_is_not_made_up(client: Client) -> None:
    run = CourseRunFactory(course__price=None)
    course, (event,) = parts(client, run.course)
    assert "offers" not in course
    assert "offers" not in event


NOW = timezone.now()


@pytest.mark.parametrize(
    ("changes", "taken", "state", "availability"),
    [
        ({}, 0, RunState.OPEN, "InStock"),
        ({}, 10, RunState.FEW_PLACES, "LimitedAvailability"),
        ({}, 12, RunState.FULL, "SoldOut"),
        ({"booking_closes_at": NOW}, 0, RunState.CLOSED, "OutOfStock"),
        ({"booking_opens_at": NOW + dt.timedelta(2)}, 0, RunState.TO_BE_ANNOUNCED, "PreOrder"),
        ({"cancelled_at": NOW}, 0, RunState.CANCELLED, "OutOfStock"),
    ],
)
def test_availability_is_the_dates_state(
    changes: Data, taken: int, state: RunState, availability: str, client: Client
) -> None:
    run = CourseRunFactory(capacity=12, **changes)
    Place.objects.bulk_create([Place(run=run) for _ in range(taken)])
    assert CourseRun.objects.get().state == state
    _, (event,) = parts(client, run.course)
    assert event["offers"]["availability"] == f"{SCHEMA}{availability}"
    assert event["remainingAttendeeCapacity"] == 12 - taken
    if opens := changes.get("booking_opens_at"):
        assert dt.datetime.fromisoformat(event["offers"]["validFrom"]) == opens


def test_a_cancelled_date_is_an_event_that_was_cancelled(client: Client) -> None:
    run = CourseRunFactory(cancelled_at=timezone.now())
    course, (event,) = parts(client, run.course)
    assert event["eventStatus"] == f"{SCHEMA}EventCancelled"
    assert dt.datetime.fromisoformat(event["startDate"]) == run.start
    assert "hasCourseInstance" not in course
    page = markup.read(client.get(run.course.url).content)
    leaf = page.find(class_="date-leaf")
    assert dt.datetime.fromisoformat(leaf.time["datetime"]) == run.start
    assert "Cancelled" in leaf.get_text()


def test_what_is_over_is_not_there(client: Client) -> None:
    run = CourseRunFactory(in_days=-3)
    course, events = parts(client, run.course)
    assert events == []
    assert "hasCourseInstance" not in course


def test_several_days_are_one_instance(client: Client) -> None:
    run = CourseRunFactory()
    CourseRun.objects.update(end=run.end + dt.timedelta(days=2))
    instance, _ = only(client, run)
    assert instance["courseSchedule"]["repeatCount"] == 3
    assert instance["courseSchedule"]["repeatFrequency"] == "Daily"


# The clocks


def clock_changes(years: range) -> Iterator[dt.datetime]:
    """The moments at which the clocks of London change: 1:00 UTC on the last Sundays."""
    for year in years:
        for month in (3, 10):
            last = dt.datetime(year, month, 31, 1, tzinfo=dt.UTC)
            yield last - dt.timedelta(days=(last.weekday() + 1) % 7)


CHANGES = list(clock_changes(range(2026, 2031)))


def test_those_are_the_clock_changes() -> None:
    assert len(CHANGES) == 10
    for moment in CHANGES:
        before = (moment - dt.timedelta(minutes=1)).astimezone(LONDON)
        assert before.utcoffset() != moment.astimezone(LONDON).utcoffset()


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: f"{change:%Y-%m}")
def test_dates_round_trip_at_every_clock_change(
    change: dt.datetime, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the days around it, across it, and in the hour that the clocks show twice."""
    monkeypatch.setattr(timezone, "now", lambda: change - dt.timedelta(days=9))
    course = CoursePageFactory()
    hour, day = dt.timedelta(hours=1), dt.timedelta(days=1)
    times = [
        (change + start, change + end)
        for start, end in (
            (-day, -day + 7 * hour),
            (day, day + 7 * hour),
            (-2 * day, 2 * day),
            (-hour, hour / 2),
            (-hour / 2, hour / 2),
            (hour / 2, 3 * hour),
        )
    ]
    runs = [CourseRunFactory(course=course, start=start, end=end) for start, end in times]
    described, events = parts(client, course)
    by_id = {event["@id"].rpartition("-")[2]: event for event in events}
    instances = {item["@id"].rpartition("-")[2]: item for item in described["hasCourseInstance"]}
    assert len(by_id) == len(instances) == len(times)
    for run in runs:
        for data in (by_id[str(run.pk)], instances[str(run.pk)]):
            for name, moment in (("startDate", run.start), ("endDate", run.end)):
                written = dt.datetime.fromisoformat(data[name])
                assert written == moment
                assert written.utcoffset() == moment.astimezone(LONDON).utcoffset()
        schedule = instances[str(run.pk)]["courseSchedule"]
        start = run.start.astimezone(LONDON)
        assert schedule["scheduleTimezone"] == "Europe/London"
        assert f"{start:%Y-%m-%d %H:%M:%S}" == f"{schedule['startDate']} {schedule['startTime']}"


# Lists


def test_the_catalogue_is_a_list(client: Client) -> None:
    catalogue = CourseIndexPageFactory()
    for days in (30, 10, 20):
        CourseRunFactory(in_days=days)
    CoursePageFactory(live=False)
    data = read(client, catalogue.url)
    assert data["@type"] == "ItemList"
    items = data["itemListElement"]
    shown = [
        link["href"] for link in markup.read(client.get(catalogue.url).content).select(".card a")
    ]
    assert [item["url"] for item in items] == [f"http://localhost{url}" for url in shown]
    assert [item["position"] for item in items] == [1, 2, 3]
    assert all(item.keys() >= LIST_ITEM for item in items)


def test_a_programme_is_a_list_in_its_order(client: Client) -> None:
    courses = [CoursePageFactory(title=title) for title in ("First", "Second")]
    programme = ProgrammePageFactory(courses=courses)
    items = read(client, programme.url)["itemListElement"]
    assert [(item["position"], item["name"]) for item in items] == [(1, "First"), (2, "Second")]


def test_a_list_that_goes_on_counts_on() -> None:
    from courses.structured_data import catalogue_data

    items = catalogue_data([CoursePageFactory()], start=21)["itemListElement"]
    assert [item["position"] for item in items] == [21]


def test_a_course_whose_picture_lost_its_file_is_shown(client: Client) -> None:
    course = CoursePageFactory(image=CustomImageFactory())
    course.image.file.storage.delete(course.image.file.name)
    assert client.get(course.url).status_code == 200
