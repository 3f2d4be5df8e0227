from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.http import Http404, HttpRequest
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PublishingPanel
from wagtail.models import Page, PageManager, PageViewRestriction
from wagtail.search import index
from wagtail.url_routing import RouteResult

from base.querysets import BasePageQuerySet

from .images import CustomImage, CustomRendition


class BasePageManager(PageManager):
    """Fetches a page together with its picture, which every way of showing it needs."""

    def get_queryset(self) -> BasePageQuerySet:
        """Join what the page type names in `joined`."""
        pages: BasePageQuerySet = super().get_queryset()
        return pages.select_related(*self.model.joined) if self.model.joined else pages


def as_their_types(
    pages: BasePageQuerySet, types: "Iterable[type[BasePage]]"
) -> "Iterator[BasePage]":
    """Yield plain pages, each as its own type, in one query however many types there are.

    The table of every type is joined to the page's; the row of one of them is there.
    """
    names = {model: model._meta.get_field("page_ptr").remote_field.name for model in types}
    joins = [
        f"{name}__{join}" if join else name
        for model, name in names.items()
        for join in ["", *model.joined]
    ]
    for page in pages.select_related(*joins):
        name = names.get(page.specific_class)
        own: BasePage = getattr(page, name) if name else page
        for annotation in pages.query.annotation_select:
            setattr(own, annotation, getattr(page, annotation))
        yield own


class BasePage(Page):
    """What every page of the site has: a social image, a card, and a place in the tree.

    A page type names its children in `subpage_types`. It does not name its parents where they
    stand in a higher app: Wagtail asks both sides, and the parent's word is enough.
    """

    kind: ClassVar[str] = "Page"
    card_template: ClassVar[str] = "base/card.html"
    joined: ClassVar[list[str]] = []
    # Under what searches file it, and whether there an older one is worth less than a newer one.
    found_as: ClassVar[str] = "Pages"
    ages: ClassVar[bool] = False
    # What a search that found nothing offers of it: words, each with the address below the page.
    offers: ClassVar[dict[str, str]] = {}
    # Whether one with the title is drawn (`base.social`) where staff chose no picture.
    draws_social_picture: ClassVar[bool] = False
    # Whether its own template invites to the newsletter: its foot then does not.
    invites_to_newsletter: ClassVar[bool] = False
    is_private: bool | None = None

    social_image = models.ForeignKey(
        CustomImage,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=(
            "Shown when the page is shared in a message or on social media. "
            "Left empty, the page's own picture is used."
        ),
    )

    search_fields = [
        *Page.search_fields,
        index.SearchField("search_description"),
    ]
    promote_panels = [
        MultiFieldPanel(
            [
                FieldPanel("slug"),
                FieldPanel("seo_title"),
                FieldPanel("search_description"),
                FieldPanel("social_image"),
            ],
            heading="How search engines and social media show this page",
        ),
    ]
    settings_panels = [PublishingPanel()]

    objects = BasePageManager.from_queryset(BasePageQuerySet)()

    class Meta:
        abstract = True

    @classmethod
    def clean_parent_page_models(cls) -> list[type[Page]]:
        """Return the page types under which this one may stand: never the root, unless named."""
        parents = super().clean_parent_page_models()
        if getattr(cls, "parent_page_types", None) is None:
            parents = [model for model in parents if model is not Page]
        return parents

    def get_view_restrictions(self) -> models.QuerySet[PageViewRestriction]:
        """Return what limits who may read this page: its own restrictions and those above it.

        Wagtail's own method asks for the ancestors first; their paths are the beginnings of this
        page's path. A page that was found by its address knows already whether there are any.
        """
        if self.is_private is False:
            return PageViewRestriction.objects.none()
        paths = [self.path[:end] for end in range(self.steplen, len(self.path) + 1, self.steplen)]
        return PageViewRestriction.objects.filter(page__path__in=paths)

    @property
    def listing_image(self) -> CustomImage | None:
        """The picture on the page's card."""
        return getattr(self, "image", None)

    @property
    def shared_picture(self) -> CustomRendition | None:
        """The picture that messages and social media show, if there is one with a file."""
        picture = self.social_image or self.listing_image
        return picture.for_sharing if picture else None

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Find the page at an address below this one.

        It is fetched as its own type, with its privacy, at once; Wagtail's way asks three times.
        """
        if not path_components:
            result: RouteResult = super().route(request, path_components)
            return result
        slug, *further = path_components
        child = self._child(slug)
        if child is None:
            raise Http404
        child._cached_parent_obj = self
        route: RouteResult = child.route(request, further)
        return route

    def _child(self, slug: str) -> "BasePage | None":
        types = self.clean_subpage_models()
        if len(types) == 1:
            return types[0].objects.child_of(self).filter(slug=slug).with_privacy().first()
        pages = BasePageQuerySet(Page).child_of(self).filter(slug=slug).with_privacy()
        return next(as_their_types(pages, types), None)

    @property
    def listing_summary(self) -> str:
        """One or two sentences on the page's card and in search results."""
        return self.search_description or getattr(self, "intro", "")

    @property
    def listing_date(self) -> datetime | None:
        """The time that a visitor would call the page's date, if it has one."""
        return None

    @classmethod
    def prepare_rows(cls, pages: "Sequence[BasePage]") -> None:
        """Fetch, for all of these pages at once, what `row_facts` needs."""

    @property
    def row_facts(self) -> dict[str, Any]:
        """What a row of results shows besides: a course's `length`, its `cost` and next `run`."""
        return {}

    @property
    def listing_line(self) -> str:
        """When or where, in one line, for those who see only words: a mail."""
        return ""

    @property
    def replacement_id(self) -> int | None:
        """The key of the page that says better, by now, what this one says."""
        return None

    @property
    def list_mark(self) -> str:
        """A word of warning beside the page in lists and search results; usually none."""
        return ""
