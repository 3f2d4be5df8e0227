import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from wagtail.blocks import (
    CharBlock,
    ChoiceBlock,
    IntegerBlock,
    RichTextBlock,
    StructBlock,
    StructBlockValidationError,
    StructValue,
    TextBlock,
    URLBlock,
)

TEXT_FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]
EARLIEST_YEAR = 1000


class HeadingValue(StructValue):
    """A heading that can be linked to, once the text around it has given it its `anchor`."""

    anchor = ""

    @property
    def slug(self) -> str:
        """The heading's name for an address: “Who it is for” is `who-it-is-for`."""
        text = self.get("text") or ""
        return slugify(text) or slugify(text, allow_unicode=True)


class HeadingBlock(StructBlock):
    """A heading inside the text. The page's title is the only one above it."""

    text = CharBlock(max_length=120, form_classname="title")
    level = ChoiceBlock(
        choices=[("h2", "Large (h2)"), ("h3", "Small (h3), below a large one")],
        default="h2",
        search_index=False,
    )

    class Meta:
        icon = "title"
        template = "base/blocks/heading.html"
        value_class = HeadingValue
        group = "Text"
        label_format = "{text}"
        description = "Begins a new part, so that people can skim the page and jump to it."
        preview_value = {"text": "What you will take home", "level": "h2"}


class ParagraphBlock(RichTextBlock):
    """Running text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"features": TEXT_FEATURES} | kwargs)

    class Meta:
        icon = "pilcrow"
        label = "Text"
        template = "base/blocks/paragraph.html"
        group = "Text"
        description = "Running text with bold, lists and links. For a heading, use its own block."
        preview_value = (
            "<p>Every course is planned by <b>two people</b>: an experienced trainer and somebody "
            "who draws on care and support.</p><ul><li>Both are in the room.</li>"
            "<li>Both are paid.</li></ul>"
        )


class QuotationBlock(StructBlock):
    """Somebody's published words, with the source and the year."""

    text = TextBlock(help_text="The words, without quotation marks: they are set for you.")
    source = CharBlock(max_length=150, help_text="Who said or published it.")
    year = IntegerBlock(required=False, help_text="The year in which it was said or published.")
    url = URLBlock(required=False, label="Address", help_text="Where it can be read in full.")

    def clean(self, value: StructValue) -> StructValue:
        """Refuse a year that cannot be one."""
        cleaned = super().clean(value)
        year, this_year = cleaned["year"], dt.datetime.now(dt.UTC).year
        if year is not None and not EARLIEST_YEAR <= year <= this_year:
            message = f"Write the year with four digits, at most {this_year}."
            raise StructBlockValidationError({"year": ValidationError(message)})
        return cleaned

    class Meta:
        icon = "openquote"
        template = "base/blocks/quotation.html"
        group = "Text"
        label_format = "{source}: {text}"
        description = (
            "Words from a book, a report or a law, with their source. "
            "For what a participant said, use a testimonial."
        )
        preview_value = {
            "text": "Nothing about us without us.",
            "source": "Disability rights movement",
            "year": 1998,
            "url": "",
        }


class FactBlock(StructBlock):
    """One figure or short phrase, large, with what it means."""

    figure = CharBlock(max_length=20, help_text="Short: “16”, “1 in 4”, “30 minutes”.")
    text = TextBlock(help_text="What the figure says, in one or two sentences.")
    source = CharBlock(
        max_length=150, required=False, help_text="Where the figure comes from, with the year."
    )

    class Meta:
        icon = "order"
        label = "Pull-out fact"
        template = "base/blocks/fact.html"
        group = "Text"
        label_format = "{figure} {text}"
        description = "One figure that people should remember, set large beside what it means."
        preview_value = {
            "figure": "16",
            "text": "standards make up the Care Certificate since March 2025.",
            "source": "Skills for Care, 2025",
        }
