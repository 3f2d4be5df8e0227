from typing import Any

from django.core.exceptions import ValidationError
from wagtail.blocks import (
    CharBlock,
    ListBlock,
    RichTextBlock,
    StreamBlock,
    StructBlock,
    StructValue,
    TextBlock,
)
from wagtail.contrib.typed_table_block.blocks import (
    TypedTable,
    TypedTableBlock,
    TypedTableBlockValidationError,
)

from .media import DocumentBlock, ImageBlock
from .text import TEXT_FEATURES, FactBlock, HeadingBlock, ParagraphBlock, QuotationBlock

SIDES = ("left", "right")


class ItemsValue(StructValue):
    """A heading and items. An item without its first words, as in a new draft, is not shown."""

    @property
    def written(self) -> list[StructValue]:
        """The items that have words."""
        return [item for item in self["items"] if item.get("title") or item.get("question")]


class QuestionBlock(StructBlock):
    """A question and its answer."""

    question = CharBlock(max_length=150)
    answer = RichTextBlock(features=TEXT_FEATURES)

    class Meta:
        icon = "help"
        label_format = "{question}"


class AccordionBlock(StructBlock):
    """Questions that open to show their answers."""

    heading = CharBlock(max_length=80, required=False)
    items = ListBlock(QuestionBlock(), label="Questions")

    class Meta:
        icon = "list-ul"
        label = "Questions and answers"
        template = "base/blocks/accordion.html"
        value_class = ItemsValue
        group = "Layout"
        label_format = "{heading}"
        description = "Questions that people ask. Each opens with a click to show its answer."
        preview_value = {
            "heading": "Questions about the day",
            "items": [
                {
                    "question": "Can I bring my support worker?",
                    "answer": "<p>Yes. Their place is free.</p>",
                },
                {"question": "Is there parking?", "answer": "<p>Yes, behind the building.</p>"},
            ],
        }


class StepBlock(StructBlock):
    """One step."""

    title = CharBlock(max_length=80)
    text = TextBlock(required=False)

    class Meta:
        icon = "arrow-right"
        label_format = "{title}"


class StepsBlock(StructBlock):
    """What happens, in order."""

    heading = CharBlock(max_length=80, required=False)
    items = ListBlock(StepBlock(), label="Steps")

    class Meta:
        icon = "list-ol"
        label = "Steps"
        template = "base/blocks/steps.html"
        value_class = ItemsValue
        group = "Layout"
        label_format = "{heading}"
        description = "What happens first, second and third. Numbered for you."
        preview_value = {
            "heading": "How to book",
            "items": [
                {"title": "Choose a date", "text": "Every course shows its next dates."},
                {"title": "Tell us who comes", "text": "And what helps them to learn."},
                {"title": "Put it in the calendar", "text": "We send you what you need."},
            ],
        }


class TableBlock(TypedTableBlock):
    """A table whose columns have headings."""

    text = CharBlock(required=False)
    rich_text = RichTextBlock(required=False, features=["bold", "italic", "link"])

    def clean(self, table: TypedTable) -> TypedTable:
        """Refuse a column without a heading: who listens to a table hears it before each cell."""
        cleaned = super().clean(table)
        nameless = [column for column in cleaned.columns if not column["heading"].strip()]
        if nameless and not self.is_deferred_validation:
            message = "Give every column a heading. It is read aloud before each of its cells."
            raise TypedTableBlockValidationError(non_block_errors=[ValidationError(message)])
        return cleaned

    def get_preview_value(self) -> TypedTable:
        """Show a small table."""
        return self.to_python(
            {
                "caption": "Which course for whom",
                "columns": [
                    {"type": "text", "heading": "Course"},
                    {"type": "text", "heading": "Length"},
                ],
                "rows": [
                    {"values": ["Safeguarding adults", "6 hours"]},
                    {"values": ["Basic life support", "3 hours"]},
                ],
            }
        )

    class Meta:
        icon = "table"
        label = "Table"
        template = "base/blocks/table.html"
        group = "Layout"
        description = "Facts that are compared in rows and columns. Every column has a heading."


class ColumnBlock(StreamBlock):
    """One of two columns."""

    heading = HeadingBlock()
    paragraph = ParagraphBlock()
    image = ImageBlock()
    quotation = QuotationBlock()
    fact = FactBlock()
    document = DocumentBlock()

    class Meta:
        template = "base/blocks/column.html"


class ColumnsBlock(StructBlock):
    """Two columns side by side; on a phone, the left one first."""

    left = ColumnBlock()
    right = ColumnBlock()

    def get_context(
        self, value: StructValue, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Add the `columns` in which something is shown."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        columns = [value[side].render_as_block(context) for side in SIDES]
        return context | {"columns": [column for column in columns if column.strip()]}

    class Meta:
        icon = "grip"
        label = "Two columns"
        label_format = ""
        template = "base/blocks/columns.html"
        group = "Layout"
        description = "Two things side by side. On a phone the left one comes first."
        preview_value = {
            "left": [
                ("heading", {"text": "What we do", "level": "h2"}),
                ("paragraph", "<p>Plan together from the first day.</p>"),
            ],
            "right": [
                ("heading", {"text": "What we do not do", "level": "h2"}),
                ("paragraph", "<p>Call it co-production when it was a survey.</p>"),
            ],
        }
