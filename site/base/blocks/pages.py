from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.utils.functional import cached_property
from wagtail.blocks import CharBlock, ListBlock, PageChooserBlock, StructBlock, StructValue
from wagtail.models import Page

from base.querysets import BasePageQuerySet

from .preview import PreviewFromSite

if TYPE_CHECKING:
    from base.models import BasePage

BELOW_HOME = 3


def still_public(chosen: list[Page | None], pages: BasePageQuerySet) -> list[Page]:
    """Return those of the chosen pages that every visitor may still read, in the chosen order."""
    order = {page.pk: place for place, page in enumerate(chosen) if page is not None}
    public = pages.filter(pk__in=order).visible()
    return sorted(public, key=lambda page: order[page.pk])


def in_order(chosen: list[Page | None], found: dict[int, Any]) -> list[Any]:
    """Return those of the chosen pages that were found by their keys, each once."""
    places = dict.fromkeys(page.pk for page in chosen if page is not None)
    return [found[pk] for pk in places if pk in found]


def cards(chosen: list[Page | None]) -> list["BasePage"]:
    """Return the chosen pages that are still public, each as its own type with what its card shows.

    In a fixed number of queries for each type, however many pages there are.
    """
    from base.models import BasePage

    by_type = defaultdict(list)
    for page in chosen:
        if page is not None and issubclass(page.specific_class or Page, BasePage):
            by_type[page.specific_class].append(page)
    found = {
        page.pk: page
        for model, pages in by_type.items()
        for page in still_public(pages, model.objects.for_cards())
    }
    return in_order(chosen, found)


class LoadedTogether(StructValue):
    """A block's value that others of its kind can help to find what they show, in few queries."""

    @classmethod
    def load(cls, values: list[Any]) -> None:
        """Find what many blocks show together."""
        raise NotImplementedError


class PagesValue(LoadedTogether):
    """Pages that find what their cards show when it is first asked for."""

    @property
    def chosen(self) -> list[Page | None]:
        """The pages that the editor chose; None for one that is gone."""
        return list(self["pages"])

    @cached_property
    def cards(self) -> list["BasePage"]:
        """The chosen pages that are public, with what their cards show."""
        return cards(self.chosen)

    @classmethod
    def load(cls, values: list[Any]) -> None:
        """Find the cards of many blocks together."""
        chosen = [page for value in values for page in value.chosen]
        found = {page.pk: page for page in cards(chosen)}
        for value in values:
            value.cards = in_order(value.chosen, found)


class PagesBlock(PreviewFromSite, StructBlock):
    """Pages of any type, chosen one by one."""

    heading = CharBlock(max_length=80, required=False)
    pages = ListBlock(PageChooserBlock())

    def get_context(
        self, value: StructValue, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Add the `pages` that are public, with what their cards show."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        return context | {"pages": value.cards}

    def get_preview_value(self) -> StructValue:
        """Show pages that the site has."""
        pages = list(Page.objects.live().public().filter(depth__gte=BELOW_HOME)[:2])
        return self.normalize({"heading": "Read on", "pages": pages})

    class Meta:
        icon = "folder-open-inverse"
        label = "Pages"
        template = "base/blocks/pages.html"
        value_class = PagesValue
        group = "From the site"
        label_format = "{heading}"
        description = (
            "Pages that you choose: courses, posts, people or any other, each with a card."
        )
        nothing_yet = "There are no pages yet. Publish one, and you will see it here."
