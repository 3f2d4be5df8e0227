"""Keys that open something to whoever has them, and links that carry one.

A link holds a random key of 128 bits under an HMAC-SHA256 signature, so that it is neither guessed
nor counted through; a new key in the database revokes it.
"""

import secrets
import uuid

from django.core import signing


def new_key() -> uuid.UUID:
    """Return 128 random bits in the shape of a UUID; `uuid.uuid4` has six fewer."""
    return uuid.UUID(bytes=secrets.token_bytes(16))


def sign_link(key: uuid.UUID, salt: str) -> str:
    """Return the text by which a link opens what has the key.

    The salt says what the link is for: one for one thing opens no other.
    """
    return signing.Signer(salt=salt).sign(key.hex)


def read_link(text: str, salt: str) -> uuid.UUID | None:
    """Return the key that a link carries; none if it is not ours."""
    try:
        return uuid.UUID(signing.Signer(salt=salt).unsign(text))
    except signing.BadSignature:
        return None
