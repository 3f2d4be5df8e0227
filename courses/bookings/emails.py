from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Iterable
from urllib.parse import urljoin

from django.conf import settings as site_settings
from django.template.loader import render_to_string
from django.urls import reverse

from base.mail import Attachment, send_later
from courses.calendars import calendar_of
from courses.models import CourseRun

from . import tokens
from .models import Attendee, Booking, BookingSettings, WaitingListEntry

GAP = re.compile(r"\n\s*\n")


def booking_path(booking: Booking) -> str:
    """Return the path at which a booking is looked after."""
    token = tokens.sign_link(booking.link_key, tokens.BOOKING_SALT)
    return reverse("courses_bookings:booking", args=[token])


def waiting_path(entry: WaitingListEntry) -> str:
    """Return the path at which somebody takes an offer or leaves the list."""
    token = tokens.sign_link(entry.link_key, tokens.WAITING_SALT)
    return reverse("courses_bookings:waiting", args=[token])


def certificate_address(person: Attendee) -> str:
    """Return the address of the page that says whether a certificate is genuine."""
    return _absolute(reverse("courses_bookings:certificate", args=[person.certificate_key]))


def _absolute(path: str) -> str:
    return urljoin(site_settings.WAGTAILADMIN_BASE_URL, path)


def _write(template: str, **context: object) -> str:
    text = render_to_string(template, context)
    return GAP.sub("\n\n", text).strip() + "\n"


def calendar_file(booking: Booking, *, left: Collection[CourseRun] = ()) -> Attachment:
    """Return the booking's dates for a calendar; those that it left are sent as cancelled.

    A date keeps its number within the booking, so that a later file replaces an earlier one.
    """
    calendar = calendar_of(
        booking.runs,
        cancelled=left,
        uid_of=lambda run: uuid.uuid5(booking.key, str(run.pk)),
        sequence_of=lambda run: booking.sequence + run.sequence,
    )
    return Attachment("course.ics", calendar.decode(), "text/calendar")


def _tell_attendees(
    booking: Booking, subject: str, template: str, *, people: Iterable[Attendee], **more: object
) -> None:
    if not booking.tells_attendees:
        return
    told = {booking.email.lower()}
    for person in people:
        if person.email and person.email.lower() not in told:
            told.add(person.email.lower())
            about = {"booking": booking, "run": person.run, "name": person.name, "person": person}
            text = _write(template, **about | more)
            send_later(subject, text, [person.email], attachments=[calendar_file(booking)])


def tell_office(booking: Booking, what: str, settings: BookingSettings) -> None:
    """Tell the office what happened to a booking."""
    if settings.office_list:
        text = _write("courses_bookings/mail/office.txt", booking=booking, what=what)
        send_later(
            f"{booking.reference}: {what}",
            text,
            settings.office_list,
            reply_to=[booking.email],
        )


def confirm(booking: Booking, settings: BookingSettings) -> None:
    """Confirm a new booking to whoever made it, and to those who come if that was asked for."""
    run = booking.coming[0].run
    confirm_again(booking, settings)
    _tell_attendees(
        booking,
        f"You have a place: {run}",
        "courses_bookings/mail/place.txt",
        people=booking.coming,
    )
    tell_office(booking, f"{len(booking.coming)} × {run}", settings)


def confirm_again(booking: Booking, settings: BookingSettings) -> None:
    """Send the confirmation to whoever booked."""
    run = booking.coming[0].run
    subject = f"Your booking {booking.reference}: {run}"
    text = _write(
        "courses_bookings/mail/confirmation.txt",
        booking=booking,
        run=run,
        address=_absolute(booking_path(booking)),
        settings=settings,
    )
    send_later(subject, text, [booking.email], attachments=[calendar_file(booking)])


def tell_of_change(
    booking: Booking, what: str, settings: BookingSettings, *, left: list[CourseRun]
) -> None:
    """Tell the booker what is different now, with the dates for the calendar."""
    booking.sequence += 1
    booking.save(update_fields=["sequence"])
    booking.__dict__.pop("people", None)
    still = {run.pk for run in booking.runs}
    gone = [run for run in left if run.pk not in still]
    text = _write(
        "courses_bookings/mail/change.txt",
        booking=booking,
        what=what,
        address=_absolute(booking_path(booking)),
    )
    send_later(
        f"Your booking {booking.reference} has changed",
        text,
        [booking.email],
        attachments=[calendar_file(booking, left=gone)],
    )
    tell_office(booking, what, settings)


def tell_of_date(
    booking: Booking,
    run: CourseRun,
    line: str,
    *,
    was: CourseRun | None = None,
) -> None:
    """Tell whoever booked, and those who come if that was asked for, what became of a date.

    `was` is the date before it was moved; without it, the date was cancelled. `line` is from staff.
    """
    people = [person for person in booking.coming if person.place.run_id == run.pk]
    subject = f"{'Changed' if was else 'Cancelled'}: {run}"
    told = {"line": line, "was": was}
    address = _absolute(booking_path(booking))
    text = _write(
        "courses_bookings/mail/date.txt",
        booking=booking,
        run=run,
        name=booking.name,
        people=people,
        address=address,
        **told,
    )
    send_later(subject, text, [booking.email], attachments=[calendar_file(booking)])
    _tell_attendees(booking, subject, "courses_bookings/mail/date.txt", people=people, **told)


def say_date_is_cancelled(entry: WaitingListEntry, line: str) -> None:
    """Say that there is nothing to wait for any more."""
    text = _write(
        "courses_bookings/mail/over.txt",
        entry=entry,
        run=entry.run,
        line=line,
        address=entry.run.course.full_url,
    )
    send_later(f"Cancelled: {entry.run}", text, [entry.email])


def remind(booking: Booking, run: CourseRun, settings: BookingSettings) -> None:
    """Remind whoever booked, and those who come if that was asked for, of a date."""
    people = [person for person in booking.coming if person.place.run_id == run.pk]
    text = _write(
        "courses_bookings/mail/reminder.txt",
        booking=booking,
        run=run,
        people=people,
        address=_absolute(booking_path(booking)),
        settings=settings,
    )
    send_later(f"Soon: {run}", text, [booking.email], attachments=[calendar_file(booking)])
    _tell_attendees(booking, f"Soon: {run}", "courses_bookings/mail/place.txt", people=people)


def send_certificates(booking: Booking, run: CourseRun, people: list[Attendee]) -> None:
    """Send people's certificates to whoever booked, and to each of them if that was asked for."""
    subject = f"Certificate{'' if len(people) == 1 else 's'} of attendance: {run.course.title}"
    told = {booking.email: people} if booking.email else {}
    if booking.tells_attendees:
        for person in people:
            if person.email and person.email.lower() != booking.email.lower():
                told.setdefault(person.email, []).append(person)
    for address, those in told.items():
        name = booking.name if address == booking.email else those[0].name
        links = [(person.name, certificate_address(person)) for person in those]
        text = _write("courses_bookings/mail/certificates.txt", run=run, name=name, links=links)
        send_later(subject, text, [address])


def confirm_waiting(entry: WaitingListEntry) -> None:
    """Say that somebody is on a waiting list, and how to leave it."""
    text = _write(
        "courses_bookings/mail/waiting.txt",
        entry=entry,
        run=entry.run,
        address=_absolute(waiting_path(entry)),
    )
    send_later(f"You are on the waiting list: {entry.run}", text, [entry.email])


def offer_place(entry: WaitingListEntry) -> None:
    """Say that a place is held, until when, and how to take it."""
    text = _write(
        "courses_bookings/mail/offer.txt",
        entry=entry,
        run=entry.run,
        address=_absolute(waiting_path(entry)),
    )
    send_later(f"A place for you: {entry.run}", text, [entry.email])


def say_offer_lapsed(entry: WaitingListEntry) -> None:
    """Say that a place went to the next in line."""
    text = _write(
        "courses_bookings/mail/lapsed.txt",
        entry=entry,
        run=entry.run,
        address=entry.run.course.full_url,
    )
    send_later(f"The place went to the next in line: {entry.run}", text, [entry.email])
