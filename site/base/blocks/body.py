from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from wagtail.blocks import (
    StreamBlock,
    StreamBlockValidationError,
    StreamValue,
    StructBlockValidationError,
    StructValue,
)

from .layout import SIDES, AccordionBlock, ColumnsBlock, StepsBlock, TableBlock
from .links import CallToActionBlock, SharedCallToActionBlock
from .media import DocumentBlock, ImageBlock, VideoBlock
from .pages import PagesBlock
from .people import PeopleBlock, TestimonialBlock
from .text import FactBlock, HeadingBlock, ParagraphBlock, QuotationBlock

if TYPE_CHECKING:
    from base.models import CustomImage

# Names that the pages' own templates give to their parts.
TAKEN_ANCHORS = frozenset(
    {
        "answered",
        "asked",
        "booker",
        "change",
        "citation",
        "co-production",
        "comment-words",
        "comments",
        "comments-title",
        "contents",
        "dates",
        "errors",
        "footer-email",
        "footer-menu",
        "guides",
        "header-search",
        "issues",
        "issues-title",
        "main",
        "nearest",
        "news",
        "newsletter-email",
        "next-dates",
        "page-search",
        "pass-on",
        "people",
        "plan",
        "price",
        "programmes",
        "promoted",
        "related",
        "reported",
        "rise",
        "rules",
        "standards",
        "state",
        "sum",
        "the-day",
        "topics",
        "trainers",
        "training",
        "trust",
        "voices",
        "ways-on",
        "where",
        "who",
        "you",
    }
)


def walk(stream: StreamValue) -> Iterator[StreamValue.StreamChild]:
    """Go through the blocks in reading order, into both columns where there are two."""
    for child in stream:
        yield child
        if child.block_type == "columns":
            for side in SIDES:
                yield from walk(child.value[side])


def pictures_in(stream: StreamValue) -> list[CustomImage]:
    """Return the pictures that a text shows."""
    values = (child.value for child in walk(stream))
    chosen = (value.get("image") for value in values if isinstance(value, StructValue))
    return [picture for picture in chosen if picture]


def prefetch_renditions(*streams: StreamValue) -> None:
    """Fetch the sizes of all pictures at once, not picture by picture."""
    pictures = [picture for stream in streams for picture in pictures_in(stream)]
    if pictures:
        prefetch_related_objects(pictures, "renditions")


def name_headings(stream: StreamValue) -> None:
    """Give every heading an anchor that nothing else on the page has."""
    taken = set(TAKEN_ANCHORS)
    for child in walk(stream):
        if child.block_type == "heading" and child.value.slug:
            anchor, number = child.value.slug, 1
            while anchor in taken:
                number += 1
                anchor = f"{child.value.slug}-{number}"
            taken.add(anchor)
            child.value.anchor = anchor


class HeadingOrder:
    """Finds the small headings (h3) that have no large one (h2) above them."""

    message = "Put a large heading above this small one, or make this one large."

    def __init__(self) -> None:
        self.below_large = False

    def errors(self, stream: StreamValue) -> dict[int, ValidationError]:
        """Return what is wrong, by the place of the block."""
        found = {place: self.error(child) for place, child in enumerate(stream)}
        return {place: error for place, error in found.items() if error}

    def error(self, child: StreamValue.StreamChild) -> ValidationError | None:
        """Return what is wrong with one block, and remember the headings passed."""
        if child.block_type == "columns":
            sides = {side: self.errors(child.value[side]) for side in SIDES}
            wrong = {
                side: StreamBlockValidationError(block_errors=errors)
                for side, errors in sides.items()
                if errors
            }
            return StructBlockValidationError(wrong) if wrong else None
        if child.block_type != "heading":
            return None
        self.below_large = self.below_large or child.value["level"] == "h2"
        if self.below_large:
            return None
        return StructBlockValidationError({"level": ValidationError(self.message)})


class BodyBlock(StreamBlock):
    """What the text of every page can hold."""

    heading = HeadingBlock()
    paragraph = ParagraphBlock()
    quotation = QuotationBlock()
    fact = FactBlock()
    image = ImageBlock()
    video = VideoBlock()
    document = DocumentBlock()
    steps = StepsBlock()
    accordion = AccordionBlock()
    table = TableBlock()
    columns = ColumnsBlock()
    call_to_action = CallToActionBlock()
    shared_call_to_action = SharedCallToActionBlock()
    pages = PagesBlock()
    people = PeopleBlock()
    testimonial = TestimonialBlock()

    def clean(self, value: StreamValue) -> StreamValue:
        """Keep headings in order. A draft may still be out of order: nobody loses work for it."""
        cleaned = super().clean(value)
        if not self.is_deferred_validation and (errors := HeadingOrder().errors(cleaned)):
            raise StreamBlockValidationError(block_errors=errors)
        return cleaned

    def get_context(
        self, value: StreamValue, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Prepare what concerns the text as a whole: anchors and pictures."""
        name_headings(value)
        # One picture asks by itself, and finds its sizes in the cache.
        if len(pictures_in(value)) > 1:
            prefetch_renditions(value)
        context: dict[str, Any] = super().get_context(value, parent_context)
        return context

    class Meta:
        template = "base/blocks/body.html"
