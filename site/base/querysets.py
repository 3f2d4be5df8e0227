from typing import Any, Self

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef
from wagtail.images import get_image_model
from wagtail.models import PageViewRestriction
from wagtail.query import PageQuerySet


class BasePageQuerySet(PageQuerySet):
    """What lists of pages have in common."""

    def visible(self) -> Self:
        """Pages that every visitor may read: live, and neither private nor below a private page.

        The same as `live().public()`, which asks the database once more for the private pages.
        """
        outer_path = ExpressionWrapper(OuterRef("path"), output_field=CharField())
        private = PageViewRestriction.objects.alias(path=outer_path).filter(
            path__startswith=F("page__path")
        )
        return self.live().filter(~Exists(private))

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
