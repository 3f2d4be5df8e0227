"""What forms carry, signed: nobody can make one, or turn one into another.

What links carry is signed by `base.keys`.
"""

import datetime as dt
import uuid

from django.core import signing

from base.keys import new_key

FORM_SALT = "courses.bookings.form"
BOOKING_SALT = "courses.bookings.booking"
WAITING_SALT = "courses.bookings.waiting"
FORM_LIFE = dt.timedelta(days=1)


def sign_form(run_pk: int) -> str:
    """Return what a new copy of a date's form carries."""
    return signing.dumps([run_pk, new_key().hex], salt=FORM_SALT)


def read_form(text: str, run_pk: int) -> uuid.UUID | None:
    """Return the key of a form's copy; none if it is old, not ours, or for another date."""
    try:
        pk, key = signing.loads(text, salt=FORM_SALT, max_age=FORM_LIFE)
    except signing.BadSignature:
        return None
    return uuid.UUID(key) if pk == run_pk else None
