"""Dates in other people's calendars (RFC 5545)."""

import datetime as dt
from uuid import NAMESPACE_URL, uuid5

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event, vCalAddress

from base.text import one_line, printable
from courses.calendars import (
    MAKER,
    Mailbox,
    Method,
    calendar_of,
    invitation_to,
    uid_of_date,
)
from courses.models import CourseRun
from tests import markup
from tests.factories import (
    CourseIndexPageFactory,
    CoursePageFactory,
    CourseRunFactory,
    TopicFactory,
    VenueFactory,
    make_private,
)
from tests.test_queries import queries

pytestmark = pytest.mark.django_db

URL = "/courses/calendar.ics"


def events(client: Client, url: str = URL) -> dict[str, Event]:
    """The events of a feed by their titles."""
    response = client.get(url)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(response.content)
    assert calendar.errors == []
    return {str(event["summary"]): event for event in calendar.walk("VEVENT")}


def test_a_date_says_what_when_where_and_more(client: Client) -> None:
    run = CourseRunFactory(
        course__title="Care at night",
        course__summary="Nights that rest.",
        venue__name="The Old Printworks",
        venue__address="41 Ink Street\nBristol",
        venue__postcode="ZZ99 3VB",
        note="Lunch is included.",
    )
    (event,) = events(client).values()
    assert event["uid"] == str(uuid5(NAMESPACE_URL, f"course-date:{run.pk}"))
    assert event.start == run.start
    assert event.end == run.end
    assert event["status"] == "CONFIRMED"
    assert event["sequence"] == 0
    assert event["location"] == "The Old Printworks, 41 Ink Street, Bristol, ZZ99 3VB"
    assert event["url"] == run.course.full_url
    for words in ("Nights that rest.", "Lunch is included.", run.course.full_url):
        assert words in event["description"]


def test_a_cancelled_date_stays_and_says_so(client: Client) -> None:
    run = CourseRunFactory(online=True, course__title="Care at night")
    before = events(client)["Care at night"]
    CourseRun.objects.filter(pk=run.pk).update(cancelled_at=timezone.now(), sequence=1)
    after = events(client)["Care at night"]
    assert (before["uid"], before["location"]) == (after["uid"], "Online")
    assert (before["status"], after["status"]) == ("CONFIRMED", "CANCELLED")
    assert after["sequence"] > before["sequence"]


def test_only_what_every_visitor_may_see_and_nothing_long_past(client: Client) -> None:
    CourseRunFactory(course__title="Public")
    CourseRunFactory(course__title="Last month", in_days=-30)
    CourseRunFactory(course__title="Long past", in_days=-400)
    CourseRunFactory(course__title="Draft", course__live=False)
    make_private(CourseRunFactory(course__title="Private").course)
    assert set(events(client)) == {"Public", "Last month"}


def test_a_topic_and_a_course_have_feeds_of_their_own(client: Client) -> None:
    topic = TopicFactory(slug="sleep")
    run = CourseRunFactory(course__title="Care at night", course__topics=[topic])
    CourseRunFactory(course__title="Another")
    assert set(events(client, "/courses/topics/sleep/calendar.ics")) == {"Care at night"}
    assert set(events(client, f"/courses/{run.course.slug}/calendar.ics")) == {"Care at night"}
    page = markup.read(client.get(run.course.url).content)
    link = page.find("link", type="text/calendar")
    assert link["href"] == f"/courses/{run.course.slug}/calendar.ics"
    assert page.main.find("a", href=link["href"]).get_text() == "Add all dates to your calendar"


@pytest.mark.parametrize("address", ["topics/x/calendar.ics", "x/calendar.ics", "%00/calendar.ics"])
def test_what_is_not_there_is_not_found(address: str, client: Client) -> None:
    CourseIndexPageFactory()
    assert client.get(f"/courses/{address}").status_code == 404


def test_the_dates_of_a_hidden_course_are_not_found(client: Client) -> None:
    course = make_private(CoursePageFactory())
    assert client.get(f"/courses/{course.slug}/calendar.ics").status_code == 404


def test_every_page_of_courses_announces_the_feed(client: Client) -> None:
    CourseRunFactory()
    for view in ("", "calendar/", "programme/"):
        page = markup.read(client.get(f"/courses/{view}").content)
        assert page.find("link", rel="alternate", type="text/calendar", href=URL)
        assert page.main.find("a", href=URL)


def test_an_unchanged_feed_is_not_sent_again(client: Client) -> None:
    run = CourseRunFactory()
    first = client.get(URL)
    again = client.get(URL, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    CourseRun.objects.filter(pk=run.pk).update(start=run.start + dt.timedelta(hours=1))
    changed = client.get(URL, headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert changed.content != first.content


def test_a_feed_that_changes_keeps_only_its_newest_text(client: Client) -> None:
    run = CourseRunFactory()
    client.get(URL)
    known = len(cache._cache)
    for title in ("Care at night", "Care by day"):
        run.course.title = title
        run.course.save()
        assert set(events(client)) == {title}
    assert len(cache._cache) == known


def test_it_only_reads(client: Client) -> None:
    assert client.head(URL).status_code == 200
    assert client.post(URL).status_code == 405


def test_one_date_or_twenty_ask_the_database_as_often(client: Client) -> None:
    """Each of another course at another venue, also where nothing is remembered."""
    CourseRunFactory()
    counts = []
    for more in (0, 19):
        for _ in range(more):
            CourseRunFactory()
        warm = len(queries(client, URL))
        cache.clear()
        with CaptureQueriesContext(connection) as cold:
            client.get(URL)
        counts.append((warm, len(cold)))
    assert counts[0] == counts[1]


# What may stand in a text


def as_icalendar_writes(
    run: CourseRun, now: dt.datetime, method: Method | None, guest: Mailbox
) -> bytes:
    """The same calendar, made of the library's components; with a method, the guest's."""
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    event = Event()
    if method:
        calendar.add("method", method.value)
        event.add("organizer", vCalAddress("mailto:office@example.org"))
        address = vCalAddress(f"mailto:{guest.email}")
        if name := one_line(guest.name):
            address.params["CN"] = name
        roles = {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}
        event.add("attendee", address, parameters=roles)
    event.add("uid", str(uid_of_date(run)))
    event.add("dtstamp", now)
    event.add("dtstart", run.start.astimezone(dt.UTC))
    event.add("dtend", run.end.astimezone(dt.UTC))
    event.add("sequence", run.sequence)
    event.add("status", "CANCELLED" if run.cancelled_at else "CONFIRMED")
    event.add("summary", one_line(run.course.title))
    event.add("location", one_line(run.address_text))
    texts = [run.course.summary, run.note]
    event.add("description", "\n\n".join(printable(text) for text in texts if text))
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def unfolded(calendar: bytes) -> list[bytes]:
    return calendar.replace(b"\r\n ", b"").split(b"\r\n")


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=250)


@settings(max_examples=100)
@given(
    texts=st.tuples(TEXTS, TEXTS, TEXTS, TEXTS),
    start=st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2031, 1, 1)),  # noqa: DTZ001
    is_cancelled=st.booleans(),
    is_sent=st.booleans(),
)
def test_the_quick_way_writes_what_icalendar_writes(
    texts: tuple[str, ...], start: dt.datetime, is_cancelled: bool, is_sent: bool
) -> None:
    title, summary, note, name = texts
    now = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)
    start = timezone.localtime(start.replace(tzinfo=dt.UTC))
    run = CourseRunFactory.build(
        pk=1,
        course=None,
        venue=VenueFactory.build(name=name, address=f"{name}\n{title}"),
        note=note,
        start=start,
        end=start + dt.timedelta(hours=3),
        cancelled_at=now if is_cancelled else None,
        sequence=len(note),
    )
    run.course = CoursePageFactory.build(title=title, summary=summary, parent=None)
    guest = Mailbox(name, "guest@example.org")
    if is_sent:
        method = Method.CANCEL if is_cancelled else Method.REQUEST
        written = invitation_to(
            run,
            method,
            organiser=Mailbox("", "office@example.org"),
            guest=guest,
            uid=uid_of_date(run),
            sequence=run.sequence,
            now=now,
        )
    else:
        method = None
        written = calendar_of([run], now=now)
    expected = as_icalendar_writes(run, now, method, guest)
    # The order of lines is free (RFC 5545, section 3.6); the lines are not.
    assert sorted(unfolded(written)) == sorted(unfolded(expected))
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))


@settings(max_examples=60)
@given(TEXTS)
def test_any_text_comes_back_as_it_was(text: str) -> None:
    """Commas, semicolons, backslashes, line breaks and signs of many bytes."""
    run = CourseRunFactory.build(pk=1, course=None, venue=None, online=True)
    run.course = CoursePageFactory.build(title="T", summary=f"A{text}B", parent=None)
    calendar = calendar_of([run])
    assert all(len(line) <= 75 for line in calendar.split(b"\r\n"))
    assert b"\n" not in calendar.replace(b"\r\n", b"")
    (event,) = Calendar.from_ical(calendar).walk("VEVENT")
    heard = str(event["description"])
    assert heard.startswith("A")
    assert "\x07" not in heard
    kept = "".join(sign for sign in text if sign.isalnum() or sign in ',;\\:"')
    assert kept == "".join(s for s in heard[1 : heard.rindex("B")] if s.isalnum() or s in ',;\\:"')


def clock_changes() -> list[dt.datetime]:
    """One in the morning of Greenwich on the last Sundays of March and October, 2026 to 2030."""
    days = [dt.datetime(y, m, 31, 1, tzinfo=dt.UTC) for y in range(2026, 2031) for m in (3, 10)]
    return [day - dt.timedelta(days=(day.weekday() + 1) % 7) for day in days]


@pytest.mark.parametrize("change", clock_changes(), ids=lambda change: f"{change:%Y-%m-%d}")
@pytest.mark.parametrize("hours", [-12, -1, 0, 1, 12])
def test_times_survive_every_change_of_the_clocks(change: dt.datetime, hours: int) -> None:
    start = timezone.localtime(change + dt.timedelta(hours=hours))
    end = timezone.localtime(change + dt.timedelta(hours=hours + 2))
    run = CourseRunFactory.build(pk=1, course=None, venue=None, online=True, start=start, end=end)
    run.course = CoursePageFactory.build(parent=None)
    (event,) = Calendar.from_ical(calendar_of([run])).walk("VEVENT")
    # As seconds: two times in the hour that comes twice differ though they are the same.
    assert event.start.timestamp() == start.timestamp()
    assert event.end - event.start == dt.timedelta(hours=2)
