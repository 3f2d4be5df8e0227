"""What issues of the newsletter are made of."""

import datetime as dt
from typing import Any

from django.utils import timezone
from wagtail.models import Page

from tests.factories import CustomImageFactory


def ago(**time: int) -> dt.datetime:
    return timezone.now() - dt.timedelta(**time)


def heading(text: str) -> dict[str, Any]:
    return {"type": "heading", "value": text}


def paragraph(html: str) -> dict[str, Any]:
    return {"type": "paragraph", "value": html}


def items(
    *pages: Page | tuple[Page, str],
    heading: str = "News",
    interest: str = "everybody",
    pictures: str = "first",
) -> dict[str, Any]:
    """A list of pages, each alone or with what is said of it."""
    told = [page if isinstance(page, tuple) else (page, "") for page in pages]
    return {
        "type": "items",
        "value": {
            "heading": heading,
            "pages": [{"page": page.pk, "words": words} for page, words in told],
            "pictures": pictures,
            "interest": interest,
        },
    }


def picture(caption: str = "", alt_text: str = "A door") -> dict[str, Any]:
    image = {"image": CustomImageFactory().pk, "alt_text": alt_text, "decorative": False}
    return {"type": "image", "value": {"image": image, "caption": caption}}


def button(text: str, page: Page | None = None, url: str = "") -> dict[str, Any]:
    return {"type": "button", "value": {"text": text, "page": page and page.pk, "url": url}}


def row(words: str, page: Page | None = None, interest: str = "everybody") -> dict[str, Any]:
    """A row of the Easy Read edition."""
    value = {"image": CustomImageFactory().pk, "words": words, "page": page and page.pk}
    return {"type": "row", "value": value | {"interest": interest}}
