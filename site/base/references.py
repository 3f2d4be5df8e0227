"""Numbers that people read out on the telephone."""

from typing import Any

from django.utils.crypto import get_random_string

# Without letters and digits that are taken for one another: 0 O, 1 I L, 2 Z, 5 S, 8 B, U V.
SIGNS = "34679ACDEFGHJKMNPQRTWXY"
LENGTH = 6


def new_reference(prefix: str, known: Any, field: str = "reference") -> str:
    """Return a reference like "BM-7K4QRD" that none of the known objects (a queryset) has.

    It is no secret, and opens nothing.
    """
    while True:
        reference = f"{prefix}-{get_random_string(LENGTH, SIGNS)}"
        if not known.filter(**{field: reference}).exists():
            return reference


def tidy_reference(text: str) -> str:
    """Return a reference as it is kept, from what somebody typed: "bm 7k4 qrd" is "BM-7K4QRD"."""
    signs = "".join(sign for sign in text.upper() if sign.isascii() and sign.isalnum())
    return f"{signs[:-LENGTH]}-{signs[-LENGTH:]}"
