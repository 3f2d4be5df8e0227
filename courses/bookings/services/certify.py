from __future__ import annotations

from itertools import groupby
from operator import attrgetter

from django.db import transaction
from django.utils import timezone

from base.models import User
from courses import services as places

from .. import emails
from ..certificates import statement
from ..models import Attendee
from .common import note


def without_certificate(run_pk: int) -> list[Attendee]:
    """Return who was present on a date and has not been sent a certificate, by booking."""
    people = Attendee.objects.in_order().select_related("booking").filter(place__run=run_pk)
    unsent = people.filter(certificate_sent_at=None).order_by("booking", "position", "pk")
    return [person for person in unsent if person.has_certificate and _has_address(person)]


def _has_address(person: Attendee) -> bool:
    booking = person.booking
    return bool(booking.email or (booking.tells_attendees and person.email))


@transaction.atomic
def send_certificates(run_pk: int, *, user: User) -> int:
    """Send certificates to those who were present and have none; return to how many.

    They go to whoever booked, and to each attendee if that was asked for. Sent twice, each goes
    out once. What they say of the course stays, whatever becomes of it.
    """
    run = places.lock(run_pk)[run_pk]
    people = without_certificate(run_pk)
    for booking, group in groupby(people, key=attrgetter("booking")):
        emails.send_certificates(booking, run, list(group))
    for person in people:
        person.attested = statement(person)._asdict()
        person.certificate_sent_at = timezone.now()
    Attendee.objects.bulk_update(people, ["attested", "certificate_sent_at"])
    if people:
        note(f"Certificates sent: {len(people)}", run=run, user=user)
    return len(people)
