from typing import Any, Self

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef
from wagtail.images import get_image_model
from wagtail.models import PageViewRestriction
from wagtail.query import PageQuerySet


def is_private(page: str = "") -> Exists:
    """Whether a page, or one above it, may not be read by every visitor.

    `page` is the way to it, `person__`, where the query is about something else.
    """
    outer_path = ExpressionWrapper(OuterRef(f"{page}path"), output_field=CharField())
    restrictions = PageViewRestriction.objects.alias(path=outer_path)
    return Exists(restrictions.filter(path__startswith=F("page__path")))


class BasePageQuerySet(PageQuerySet):
    """What lists of pages have in common."""

    def visible(self) -> Self:
        """Pages that every visitor may read: live, and neither private nor below a private page.

        The same as `live().public()`, which asks the database once more for the private pages.
        """
        return self.live().filter(~is_private())

    def with_privacy(self) -> Self:
        """Let every page know whether it `is_private`, without a question of its own."""
        return self.annotate(is_private=is_private())

    def for_cards(self) -> Self:
        """Everything that a card shows, in a fixed number of queries."""
        pictures = [
            name
            for name in self.model.joined
            if self.model._meta.get_field(name).related_model is get_image_model()
        ]
        return self.prefetch_related(*(f"{name}__renditions" for name in pictures))

    def only(self, *fields: str) -> Self:
        """Fetch some fields of the pages alone: what is joined (`BasePage.joined`) stays away."""
        return super(BasePageQuerySet, self.select_related(None)).only(*fields)

    def select_for_update(self, *args: Any, **kwargs: Any) -> Self:
        """Lock the pages alone: PostgreSQL refuses to lock what is joined and may be missing."""
        return super(BasePageQuerySet, self.select_related(None)).select_for_update(*args, **kwargs)
