from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urljoin

from django.conf import settings as site_settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from base.keys import sign_link
from base.mail import send_later
from courses.calendars import Mailbox
from courses.models import CourseRun

from . import tokens
from .deadlines import change_deadline
from .guests import Guest, Guests, News, at, dates_of, guests_of, mailboxes, news_for
from .invitations import invitations
from .models import Attendee, Booking, BookingSettings, WaitingListEntry

GAP = re.compile(r"\n\s*\n")


def booking_path(booking: Booking) -> str:
    """Return the path at which a booking is looked after."""
    token = sign_link(booking.link_key, tokens.BOOKING_SALT)
    return reverse("courses_bookings:booking", args=[token])


def waiting_path(entry: WaitingListEntry) -> str:
    """Return the path at which somebody takes an offer or leaves the list."""
    token = sign_link(entry.link_key, tokens.WAITING_SALT)
    return reverse("courses_bookings:waiting", args=[token])


def certificate_address(person: Attendee) -> str:
    """Return the address of the page that says whether a certificate is genuine."""
    return _absolute(reverse("courses_bookings:certificate", args=[person.certificate_key]))


def _absolute(path: str) -> str:
    return urljoin(site_settings.WAGTAILADMIN_BASE_URL, path)


def _write(template: str, **context: object) -> str:
    text = render_to_string(template, context)
    return GAP.sub("\n\n", text).strip() + "\n"


# Those who come


def tell_guests_of_change(booking: Booking, before: Guests) -> None:
    """Tell those whose place is new, on another date or gone since `before`, each mailbox once."""
    after = guests_of(booking)
    for email in mailboxes(booking, [*before.values(), *after.values()]):
        was, now = at(email, before), at(email, after)
        news = news_for(was, now)
        if any(each.was for each in news):
            _tell_guest_of_change(booking, email, news, dates_of(was), dates_of(now))
        elif news:
            new = [each.now for each in news if each.now]
            _welcome(booking, email, new)


def _welcome(booking: Booking, email: str, guests: list[Guest]) -> None:
    by_date = {guest.run: guest for guest in reversed(guests)}
    for run, guest in by_date.items():
        text = _write("courses_bookings/mail/place.txt", booking=booking, run=run, name=guest.name)
        files = invitations(booking, Mailbox(guest.name, email), [run])
        send_later(f"You have a place: {run}", text, [email], attachments=files)


def _tell_guest_of_change(
    booking: Booking, email: str, news: list[News], was: list[CourseRun], now: list[CourseRun]
) -> None:
    new = [run for run in now if run not in was]
    files = invitations(
        booking, Mailbox(news[0].name, email), new, left=[run for run in was if run not in now]
    )
    course = was[0].course
    text = _write(
        "courses_bookings/mail/own_change.txt",
        booking=booking,
        course=course,
        news=news,
        runs=new,
        files=files,
    )
    send_later(f"Your place has changed: {course.title}", text, [email], attachments=files)


def _tell_guests(
    booking: Booking, run: CourseRun, subject: str, template: str, **more: object
) -> None:
    """Tell those who come to a date of it, each mailbox once, if that was asked for."""
    people = booking.coming_to(run)
    for email in mailboxes(booking, people):
        name = next(person.name for person in people if person.email.lower() == email)
        text = _write(template, booking=booking, run=run, name=name, **more)
        files = invitations(booking, Mailbox(name, email), [run])
        send_later(subject, text, [email], attachments=files)


# Whoever booked, and the office


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
    tell_guests_of_change(booking, before={})
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
        deadlines=_deadlines(booking, booking.runs, settings),
    )
    files = invitations(booking, _booker(booking), booking.runs)
    send_later(subject, text, [booking.email], attachments=files)


def _booker(booking: Booking) -> Mailbox:
    return Mailbox(booking.name, booking.email)


def _deadlines(
    booking: Booking, runs: Iterable[CourseRun], settings: BookingSettings
) -> list[tuple[CourseRun, datetime]]:
    """Return until when places can still be moved or given back, where they can."""
    deadlines = [(run, change_deadline(booking, run, settings)) for run in runs]
    return [(run, deadline) for run, deadline in deadlines if deadline > timezone.now()]


def tell_of_change(booking: Booking, what: str, settings: BookingSettings, before: Guests) -> None:
    """Tell whoever booked what is different now, and those who come whom it concerns."""
    booking.__dict__.pop("people", None)
    was, now = dates_of(before), booking.runs
    files = invitations(
        booking,
        _booker(booking),
        [run for run in now if run not in was],
        left=[run for run in was if run not in now],
    )
    text = _write(
        "courses_bookings/mail/change.txt",
        booking=booking,
        what=what,
        address=_absolute(booking_path(booking)),
        files=files,
    )
    subject = f"Your booking {booking.reference} has changed"
    send_later(subject, text, [booking.email], attachments=files)
    tell_guests_of_change(booking, before)
    tell_office(booking, what, settings)


def tell_of_date(
    booking: Booking,
    run: CourseRun,
    line: str,
    *,
    settings: BookingSettings,
    was: CourseRun | None = None,
) -> None:
    """Tell whoever booked, and those who come if that was asked for, what became of a date.

    `was` is the date before it was moved; without it, the date was cancelled. `line` is from staff.
    """
    subject = f"{'Changed' if was else 'Cancelled'}: {run}"
    text = _write(
        "courses_bookings/mail/date.txt",
        booking=booking,
        run=run,
        name=booking.name,
        people=booking.coming_to(run),
        address=_absolute(booking_path(booking)),
        deadlines=_deadlines(booking, [run], settings),
        line=line,
        was=was,
    )
    files = invitations(booking, _booker(booking), [run])
    send_later(subject, text, [booking.email], attachments=files)
    _tell_guests(booking, run, subject, "courses_bookings/mail/date.txt", line=line, was=was)


def tell_who_waits_of_date(
    entry: WaitingListEntry, run: CourseRun, line: str, *, was: CourseRun | None = None
) -> None:
    """Tell somebody on the waiting list what became of a date, as `tell_of_date` does."""
    changed, over = "courses_bookings/mail/waiting_date.txt", "courses_bookings/mail/over.txt"
    text = _write(
        changed if was else over,
        entry=entry,
        run=run,
        line=line,
        was=was,
        address=_absolute(waiting_path(entry)) if was else run.course.full_url,
    )
    send_later(f"{'Changed' if was else 'Cancelled'}: {run}", text, [entry.email])


def remind(booking: Booking, run: CourseRun, settings: BookingSettings) -> None:
    """Remind whoever booked, and those who come if that was asked for, of a date."""
    text = _write(
        "courses_bookings/mail/reminder.txt",
        booking=booking,
        run=run,
        people=booking.coming_to(run),
        address=_absolute(booking_path(booking)),
        settings=settings,
    )
    files = invitations(booking, _booker(booking), [run])
    send_later(f"Soon: {run}", text, [booking.email], attachments=files)
    _tell_guests(booking, run, f"Soon: {run}", "courses_bookings/mail/place.txt")


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


def say_offer_lapsed(entry: WaitingListEntry, *, is_free: bool, is_passed_on: bool) -> None:
    """Say that a place is held no longer: anybody can book one, or the next in line has it."""
    text = _write(
        "courses_bookings/mail/lapsed.txt",
        entry=entry,
        run=entry.run,
        is_free=is_free,
        is_passed_on=is_passed_on,
        address=entry.run.course.full_url,
    )
    send_later(f"The place is no longer held for you: {entry.run}", text, [entry.email])
