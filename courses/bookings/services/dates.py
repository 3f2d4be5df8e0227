from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from base.keys import new_key
from base.models import User
from courses import services as places
from courses.models import CourseRun

from .. import emails
from ..certificates import statement_of
from ..guests import mailboxes
from ..models import Attendee, Booking, Notice, WaitingListEntry
from .common import RefusedError, note, settings_of
from .waiting import end_waiting_list

WHEN_AND_WHERE = ("start", "end", "venue_id", "online")
LOGGED = {
    "capacity": "Places",
    "booking_opens_at": "Booking opens",
    "booking_closes_at": "Booking closes",
}
COURSE_STAYS = (
    "People have booked this date, or wait for it, so it stays with its course. "
    "For another course, add a date of its own."
)
Attendance = Attendee.Attendance


@dataclass(frozen=True)
class Concerned:
    """Who has to hear what becomes of a date: those who booked it, and those who wait for it."""

    bookings: list[Booking]
    # Without those who are told as they booked, or come, too.
    waiting: list[WaitingListEntry]

    def __bool__(self) -> bool:
        return bool(self.bookings or self.waiting)

    def __str__(self) -> str:
        booked = [booking.name for booking in self.bookings if booking.email]
        return ", ".join([*booked, *(entry.name for entry in self.waiting)])


def concerned_by(run: CourseRun) -> Concerned:
    """Return who has to hear what becomes of a date, each once."""
    coming = Booking.objects.filter(
        attendees__place__run=run, attendees__place__released_at=None
    ).distinct()
    bookings = list(coming.with_people().order_by("created_at", "pk"))
    told = {
        email
        for booking in bookings
        for email in [booking.email.lower(), *mailboxes(booking, booking.coming_to(run))]
    }
    waiting = WaitingListEntry.objects.waiting().filter(run=run)
    return Concerned(bookings, [each for each in waiting if each.email.lower() not in told])


def refuse_another_course(before: CourseRun, after: CourseRun) -> None:
    """Raise RefusedError where a date that people have booked or wait for changes its course."""
    if before.course_id != after.course_id and (
        Attendee.objects.filter(place__run=before).exists()
        or WaitingListEntry.objects.waiting().filter(run=before).exists()
    ):
        raise RefusedError({"course": COURSE_STAYS})


def is_moved(before: CourseRun, after: CourseRun) -> bool:
    """Whether a date begins, ends or happens elsewhere than before."""
    return any(getattr(before, name) != getattr(after, name) for name in WHEN_AND_WHERE)


@transaction.atomic
def save_date(run: CourseRun, line: str, *, user: User) -> bool:
    """Save a date as staff changed it; return whether those whom it concerns were told.

    They are told, with a `line` from staff, where time or place are others than those that are
    saved: sent twice, it tells once. Raises RefusedError for another course than people booked.
    """
    before = places.lock(run.pk)[run.pk]
    refuse_another_course(before, run)
    run.sequence, run.cancelled_at = before.sequence, before.cancelled_at
    is_told = is_moved(before, run) and not run.cancelled_at
    run.sequence += is_told
    run.save()
    for name, label in LOGGED.items():
        old, new = getattr(before, name), getattr(run, name)
        if old != new:
            note(f"{label}: {_said(old)}, now {_said(new)}", run=run, user=user)
    if is_moved(before, run):
        was = f"{before.when_text}, {before.place_text}"
        note(f"Was {was}. Now {run.when_text}, {run.place_text}. {line}", run=run, user=user)
    if is_told:
        _tell(run, line, was=before)
    return is_told


def _said(value: object) -> str:
    match value:
        case None:
            return "not set"
        case datetime():
            return f"{timezone.localtime(value):%-d %B %Y, %H:%M}"
        case _:
            return str(value)


@transaction.atomic
def cancel_date(run_pk: int, line: str, *, user: User) -> bool:
    """Call a date off and tell everybody who booked or waits; return whether it was not already.

    The bookings stay, so that people can move to another date or be paid back.
    """
    run = places.lock(run_pk)[run_pk]
    if run.cancelled_at:
        return False
    run.cancelled_at = timezone.now()
    run.sequence += 1
    run.save(update_fields=["cancelled_at", "sequence"])
    note(f"Cancelled. {line}", run=run, user=user)
    _tell(run, line)
    end_waiting_list(run)
    return True


def _tell(run: CourseRun, line: str, *, was: CourseRun | None = None) -> None:
    concerned, settings = concerned_by(run), settings_of(run.course)
    for booking in concerned.bookings:
        _, is_new = Notice.objects.get_or_create(
            run=run, booking=booking, kind=Notice.Kind.CHANGED, sequence=run.sequence
        )
        if is_new:
            emails.tell_of_date(booking, run, line, settings=settings, was=was)
    for entry in concerned.waiting:
        emails.tell_who_waits_of_date(entry, run, line, was=was)


@transaction.atomic
def mark_attendance(run_pk: int, marks: Mapping[int, str], *, user: User) -> int:
    """Note who came, by attendee's key; return for how many that is new.

    `marks` holds "present", "absent" or nothing for each whose mark changes; the others keep
    theirs, and whoever is not on the date is left out. Who was there has a certificate that says
    what the course is now; once it was sent, it says the same for good.
    """
    run = places.lock(run_pk)[run_pk]
    changed, statement = [], None
    for person in Attendee.objects.on(run).select_for_update(of=("self",)):
        mark = marks.get(person.pk)
        if mark is not None and mark in ("", *Attendance.values) and mark != person.attendance:
            person.attendance = mark
            if mark == Attendance.PRESENT:
                person.certificate_key = person.certificate_key or new_key()
                if not person.certificate_sent_at:
                    person.attested = statement = statement or statement_of(run)._asdict()
            person.save(update_fields=["attendance", "certificate_key", "attested"])
            changed.append(person)
    if changed:
        present = Attendee.objects.on(run).filter(attendance=Attendance.PRESENT).count()
        note(f"Register saved: {present} present", run=run, user=user)
    return len(changed)
