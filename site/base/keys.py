"""Keys that open something to whoever has them."""

import secrets
import uuid


def new_key() -> uuid.UUID:
    """Return 128 random bits in the shape of a UUID; `uuid.uuid4` has six fewer."""
    return uuid.UUID(bytes=secrets.token_bytes(16))
