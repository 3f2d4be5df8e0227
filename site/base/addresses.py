"""Fields in which staff list e-mail addresses."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email


def addresses_in(text: str) -> list[str]:
    """Return the addresses of a list: one a line, or with commas or spaces between them."""
    return text.replace(",", " ").split()


def validate_addresses(text: str) -> None:
    """Refuse what is no list of addresses."""
    for address in addresses_in(text):
        try:
            validate_email(address)
        except ValidationError as error:
            raise ValidationError(f"“{address}” is not an e-mail address.") from error
