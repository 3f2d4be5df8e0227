"""What editors write with: each block a class, a template, a description and a preview."""

from .body import BodyBlock, name_headings, walk
from .layout import AccordionBlock, ColumnsBlock, StepsBlock, TableBlock
from .links import CallToActionBlock, LinkBlock, SharedCallToActionBlock
from .media import DocumentBlock, ImageBlock, VideoBlock
from .pages import PagesBlock
from .people import PeopleBlock, TestimonialBlock
from .text import FactBlock, HeadingBlock, HeadingValue, ParagraphBlock, QuotationBlock

__all__ = [
    "AccordionBlock",
    "BodyBlock",
    "CallToActionBlock",
    "ColumnsBlock",
    "DocumentBlock",
    "FactBlock",
    "HeadingBlock",
    "HeadingValue",
    "ImageBlock",
    "LinkBlock",
    "PagesBlock",
    "ParagraphBlock",
    "PeopleBlock",
    "QuotationBlock",
    "SharedCallToActionBlock",
    "StepsBlock",
    "TableBlock",
    "TestimonialBlock",
    "VideoBlock",
    "name_headings",
    "walk",
]
