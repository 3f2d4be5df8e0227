from typing import Any

from wagtail.blocks import CharBlock, ListBlock, PageChooserBlock, StructBlock, StructValue
from wagtail.snippets.blocks import SnippetChooserBlock

from .pages import still_public
from .preview import PreviewFromSite


class PeopleBlock(PreviewFromSite, StructBlock):
    """Trainers and experts by experience, side by side."""

    heading = CharBlock(max_length=80, required=False)
    people = ListBlock(PageChooserBlock(page_type="base.PersonPage"))

    def get_context(
        self, value: StructValue, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Add the `people` who have a public page."""
        from base.models import PersonPage

        context: dict[str, Any] = super().get_context(value, parent_context)
        people = still_public(value["people"], PersonPage.objects.for_cards())
        return context | {"people": people}

    def get_preview_value(self) -> StructValue:
        """Show people whom the site has."""
        from base.models import PersonPage

        people = list(PersonPage.objects.visible()[:2])
        return self.normalize({"heading": "Who teaches", "people": people})

    class Meta:
        icon = "group"
        template = "base/blocks/people.html"
        group = "From the site"
        label_format = "{heading}"
        description = "People from “Our people”: everybody the same size, as they want to be named."
        nothing_yet = (
            "Nobody has a published page under “Our people” yet. "
            "Publish one, and you will see it here."
        )


class TestimonialBlock(PreviewFromSite, SnippetChooserBlock):
    """What somebody said, from the shared testimonials."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("base.Testimonial", **kwargs)

    def get_preview_value(self) -> Any:
        """Show one that the site has."""
        return self.target_model.objects.first()

    class Meta:
        icon = "comment"
        label = "Testimonial"
        template = "base/blocks/testimonial.html"
        group = "From the site"
        description = "What a participant said, from the shared testimonials."
        nothing_yet = (
            "There is no testimonial yet. Add one under “Shared content”, and you will see it here."
        )
