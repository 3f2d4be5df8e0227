"""Those who come, before and after a change: who has to hear of it, and what is news to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from courses.models import CourseRun

from .models import Attendee, Booking


class Guest(NamedTuple):
    """Somebody who comes, as they were known at a moment."""

    name: str
    email: str
    run: CourseRun


# By attendee's key.
Guests = Mapping[int, Guest]


class News(NamedTuple):
    """What changed for one person; None where they did not come before, or do not come now."""

    was: Guest | None
    now: Guest | None

    @property
    def name(self) -> str:
        """Whom it is about."""
        guest = self.now or self.was
        return guest.name if guest else ""


def guests_of(booking: Booking) -> Guests:
    """Return who comes now, asked for anew, to be compared with who comes after a change."""
    people = booking.attendees.in_order().coming()
    return {person.pk: Guest(person.name, person.email, person.run) for person in people}


def dates_of(guests: Guests) -> list[CourseRun]:
    """Return the dates to which guests come, each once."""
    return list(dict.fromkeys(guest.run for guest in guests.values()))


def mailboxes(booking: Booking, people: Iterable[Guest | Attendee]) -> list[str]:
    """Return the addresses of those who get mails of their own, each once.

    Nobody's, unless that was asked for; whoever booked is told otherwise.
    """
    if not booking.tells_attendees:
        return []
    emails = dict.fromkeys(person.email.lower() for person in people)
    return [email for email in emails if email and email != booking.email.lower()]


def at(email: str, guests: Guests) -> Guests:
    """Return the guests who are reached at an address."""
    return {pk: guest for pk, guest in guests.items() if guest.email.lower() == email}


def news_for(before: Guests, after: Guests) -> list[News]:
    """Return whose date is new, another one or gone; another name alone is no news."""
    pairs = [News(before.get(pk), after.get(pk)) for pk in dict.fromkeys([*before, *after])]
    return [pair for pair in pairs if not (pair.was and pair.now and pair.was.run == pair.now.run)]
