"""E-mail addresses: how they are listed, kept, found again and left out."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from .text import one_line, printable

LONGEST = 254  # characters (RFC 5321, section 4.5.3.1.3, without the brackets)
NOT_COMPLETE = "This is no complete e-mail address. It looks like name@example.org."
UNUSUAL = "We cannot write to such an address. Please give one of plain letters and digits."


def addresses_in(text: str) -> list[str]:
    """Return the addresses of a list: one a line, or with commas or spaces between them."""
    return text.replace(",", " ").split()


def validate_addresses(text: str) -> None:
    """Refuse what is no list of addresses."""
    for address in addresses_in(text):
        try:
            one_way(address)
        except ValidationError as error:
            raise ValidationError(f"“{address}” is not an e-mail address.") from error


def one_way(email: str) -> str:
    """Return an address in the one way in which it is kept and found again.

    Small letters; the domain as mail servers know it (IDNA). What mail servers may take for another
    address, such as a name in quotation marks or an encoded word (RFC 2047), is refused. Raises
    ValidationError.
    """
    name, _, domain = printable(email).strip().lower().rpartition("@")
    if '"' in name or "=?" in name or not name.isascii():
        raise ValidationError(UNUSUAL)
    try:
        domain = unicodedata.normalize("NFKC", domain).rstrip(".").encode("idna").decode()
    except UnicodeError as error:
        raise ValidationError(NOT_COMPLETE) from error
    address = f"{name}@{domain}"
    validate_email(address)
    if len(address) > LONGEST:
        raise ValidationError(NOT_COMPLETE)
    return address


def mailbox_of(email: str) -> str:
    """Return the mailbox that an address most likely leads to: without a tag after a "+"."""
    name, _, domain = email.rpartition("@")
    return f"{name.partition('+')[0]}@{domain}"


def without_address(text: str, email: str) -> str:
    """Return what a mail server said in one line, without addresses and without a mailbox's name.

    "550 5.1.1 <ada@example.org>: ada is unknown" becomes "550 5.1.1 … … is unknown".
    """
    words = ["…" if "@" in word else word for word in one_line(text).split()]
    name = re.escape(email.partition("@")[0])
    return re.sub(rf"(?<!\w){name}(?!\w)", "…", " ".join(words), flags=re.IGNORECASE)
