from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.functional import cached_property
from wagtail.blocks import (
    CharBlock,
    ChoiceBlock,
    ListBlock,
    PageChooserBlock,
    StreamBlock,
    StructBlock,
    TextBlock,
)
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Page

from base.blocks import ImageBlock, LinkBlock, ParagraphBlock
from base.blocks.pages import LoadedTogether, PagesValue, still_public
from base.querysets import BasePageQuerySet

if TYPE_CHECKING:
    from base.models import BasePage

EVERYBODY = "everybody"
FIRST_PICTURE = "first"
INTERESTS = {"news": "People who want news", "dates": "People who want course dates"}


class InterestBlock(ChoiceBlock):
    """Who finds a part in their mail. The page on the site shows everything."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [(EVERYBODY, "Everybody"), *INTERESTS.items()]
        defaults = {"choices": choices, "default": EVERYBODY, "search_index": False}
        super().__init__(**defaults | {"label": "Who gets this part"} | kwargs)


class PartHeadingBlock(CharBlock):
    """A heading above what follows."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 80} | kwargs)

    class Meta:
        icon = "title"
        label = "Heading"
        template = "blog_newsletter/blocks/heading.html"
        description = "Begins a new part. Lists of pages bring their own."
        preview_value = "A word from us"


class Item(NamedTuple):
    """A page of a newsletter, and what is said of it there."""

    page: BasePage
    words: str

    @property
    def summary(self) -> str:
        """What the editor wrote, or what the page says of itself."""
        return self.words or self.page.listing_summary


class ItemsValue(PagesValue):
    """Pages, and what is said of each."""

    @property
    def chosen(self) -> list[Page | None]:
        """The pages that the editor chose."""
        return [item["page"] for item in self["pages"]]

    @property
    def public_items(self) -> list[Item]:
        """Those of the pages that every reader may open, in the chosen order."""
        words = {item["page"].pk: item["words"] for item in self["pages"] if item["page"]}
        return [Item(page, words[page.pk]) for page in self.cards]


class ItemBlock(StructBlock):
    """One page, and why to read it."""

    page = PageChooserBlock()
    # Searches find the page itself, as long as it is public.
    words = TextBlock(
        required=False,
        rows=2,
        help_text="Left empty, the page's own summary is used.",
        search_index=False,
    )

    class Meta:
        icon = "doc-full"
        label = "Page"


class ItemsBlock(StructBlock):
    """Posts, courses or other pages, each with its title, its facts and a few words."""

    heading = CharBlock(max_length=80)
    pages = ListBlock(ItemBlock(), label="Pages")
    pictures = ChoiceBlock(
        choices=[(FIRST_PICTURE, "The first page’s"), ("all", "All"), ("none", "None")],
        default=FIRST_PICTURE,
        help_text="In the mail. The page on the site shows them all.",
        search_index=False,
    )
    interest = InterestBlock()

    class Meta:
        icon = "folder-open-inverse"
        label = "Pages"
        template = "blog_newsletter/blocks/items.html"
        value_class = ItemsValue
        label_format = "{heading}"
        description = (
            "Posts, courses or other pages. A course shows its next date and the places left, "
            "as they are when the newsletter is sent."
        )


class ButtonBlock(LinkBlock):
    """What to do next."""

    class Meta:
        icon = "pick"
        label = "Button"
        template = "blog_newsletter/blocks/button.html"
        description = "One button. At most one in a newsletter is best."
        preview_value = {"text": "See all dates", "page": None, "url": "https://www.example.org/"}


class IssueBlock(StreamBlock):
    """What a newsletter is made of."""

    heading = PartHeadingBlock()
    paragraph = ParagraphBlock()
    items = ItemsBlock()
    image = ImageBlock()
    button = ButtonBlock()


class EasyReadValue(LoadedTogether):
    """Words that may lead to a page."""

    @cached_property
    def public_page(self) -> Page | None:
        """The page that the editor chose, while every reader may open it."""
        return next(iter(still_public([self["page"]], BasePageQuerySet(Page))), None)

    @classmethod
    def load(cls, values: list[Any]) -> None:
        """Find the pages of many rows together."""
        public = still_public([value["page"] for value in values], BasePageQuerySet(Page))
        found = {page.pk: page for page in public}
        for value in values:
            value.public_page = found.get(value["page"].pk) if value["page"] else None


class EasyReadBlock(StructBlock):
    """A picture on the left, short sentences on the right.

    Source: Department of Health, Making written information easier to understand for people with
    learning disabilities.
    """

    image = ImageChooserBlock(required=False, help_text="A picture of what the words say.")
    words = TextBlock(rows=3, help_text="One to three sentences of at most 15 words each.")
    page = PageChooserBlock(required=False, help_text="Where people can read more.")
    interest = InterestBlock()

    class Meta:
        icon = "openquote"
        label = "Picture and words"
        template = "blog_newsletter/blocks/easy_read.html"
        value_class = EasyReadValue
        label_format = "{words}"
        description = "A picture beside a few short sentences."
        preview_value = {
            "image": None,
            "words": "We have a new course. It is about food.",
            "page": None,
            "interest": EVERYBODY,
        }


class EasyReadStreamBlock(StreamBlock):
    """The same in Easy Read."""

    heading = PartHeadingBlock()
    row = EasyReadBlock()
