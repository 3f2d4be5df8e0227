"""What a copy of the form and the address of the thanks carry, signed: nobody else makes one."""

import datetime as dt
import uuid

from django.core import signing

FORM_SALT = "courses.enquiries.form"
THANKS_SALT = "courses.enquiries.thanks"
FORM_LIFE = dt.timedelta(days=1)


def sign_form() -> str:
    """Return what a new copy of the form carries."""
    return signing.dumps(uuid.uuid4().hex, salt=FORM_SALT)


def read_form(text: str) -> uuid.UUID | None:
    """Return the key of a form's copy; none if it is old or not ours."""
    try:
        return uuid.UUID(signing.loads(text, salt=FORM_SALT, max_age=FORM_LIFE))
    except signing.BadSignature:
        return None


def sign_reference(reference: str) -> str:
    """Return the text by which the page of thanks knows a reference."""
    return signing.Signer(salt=THANKS_SALT).sign(reference)


def read_reference(text: str) -> str | None:
    """Return the reference that an address carries; none if it is not ours."""
    try:
        return signing.Signer(salt=THANKS_SALT).unsign(text)
    except signing.BadSignature:
        return None
