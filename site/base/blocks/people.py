from typing import TYPE_CHECKING, Any

from django.utils.functional import cached_property
from wagtail.blocks import CharBlock, ListBlock, PageChooserBlock, StructBlock, StructValue
from wagtail.models import Page
from wagtail.snippets.blocks import SnippetChooserBlock

from .pages import LoadedTogether, in_order, still_public
from .preview import PreviewFromSite

if TYPE_CHECKING:
    from base.models import PersonPage


def public_cards(chosen: list[Page | None]) -> list["PersonPage"]:
    """Return the chosen people who have a public page, with what their cards show."""
    from base.models import PersonPage

    return still_public(chosen, PersonPage.objects.for_cards())


class PeopleValue(LoadedTogether):
    """People who are found when they are first asked for."""

    @cached_property
    def public(self) -> list["PersonPage"]:
        """The chosen people who have a public page."""
        return public_cards(self["people"])

    @classmethod
    def load(cls, values: list[Any]) -> None:
        """Find the people of many blocks together."""
        chosen = [person for value in values for person in value["people"]]
        found = {person.pk: person for person in public_cards(chosen)}
        for value in values:
            value.public = in_order(value["people"], found)


class PeopleBlock(PreviewFromSite, StructBlock):
    """Trainers and experts by experience, side by side."""

    heading = CharBlock(max_length=80, required=False)
    people = ListBlock(PageChooserBlock(page_type="base.PersonPage"))

    def get_context(
        self, value: StructValue, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Add the `people` who have a public page."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        return context | {"people": value.public}

    def get_preview_value(self) -> StructValue:
        """Show people whom the site has."""
        from base.models import PersonPage

        people = list(PersonPage.objects.visible()[:2])
        return self.normalize({"heading": "Who teaches", "people": people})

    class Meta:
        icon = "group"
        template = "base/blocks/people.html"
        value_class = PeopleValue
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
