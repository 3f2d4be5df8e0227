from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from base.models import User

from ..models import Booking
from .common import note, renew_links

IN_WORDS = {
    "name": "name",
    "email": "e-mail address",
    "telephone": "telephone number",
    "organisation": "organisation",
    "purchase_order": "purchase order number",
    "wants_invoice": "whether they want an invoice",
    "invoice_address": "invoice address",
}


@transaction.atomic
def correct(booking_pk: int, contact: Mapping[str, object], *, user: User) -> list[str]:
    """Correct who booked and what stands on the invoice, by field; return what changed, in words.

    Another e-mail address makes the old link worthless, since somebody else may have it, and
    replaces the old one where somebody who comes had it too. What is as it was leaves no trace; the
    log names what was corrected without the words, which would outlive those who are forgotten.
    """
    booking = Booking.objects.select_for_update().get(pk=booking_pk)
    changed = [
        name for name in IN_WORDS if name in contact and contact[name] != getattr(booking, name)
    ]
    if "email" in changed:
        renew_links(booking)
        if booking.email:
            same = booking.attendees.filter(email__iexact=booking.email)
            same.update(email=contact["email"])
    if changed:
        for name in changed:
            setattr(booking, name, contact[name])
        booking.save(update_fields=changed)
        words = [IN_WORDS[name] for name in changed]
        note(f"Corrected: {', '.join(words)}", booking=booking, user=user)
    return [IN_WORDS[name] for name in changed]
