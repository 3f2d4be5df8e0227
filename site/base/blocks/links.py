from typing import Any

from django.core.exceptions import ValidationError
from wagtail.blocks import (
    CharBlock,
    PageChooserBlock,
    StructBlock,
    StructBlockValidationError,
    StructValue,
    TextBlock,
    URLBlock,
)
from wagtail.snippets.blocks import SnippetChooserBlock

from .preview import PreviewFromSite


class LinkValue(StructValue):
    """A link that knows whether it leads anywhere."""

    @property
    def href(self) -> str:
        """Where the link leads, or "" while its page is unpublished or gone.

        A link to a private page stays: it leads those who may read it to the sign-in.
        """
        page = self.get("page")
        if page:
            return (page.url or "") if page.live else ""
        return self.get("url") or ""


class LinkBlock(StructBlock):
    """Words that lead to a page of the site or to another address."""

    text = CharBlock(max_length=60, help_text="What will happen, as a verb: “See all dates”.")
    page = PageChooserBlock(required=False)
    url = URLBlock(
        required=False,
        label="Address",
        help_text="Only where the target is not a page of this site.",
    )

    def clean(self, value: StructValue) -> StructValue:
        """Refuse a link that leads to two places, or nowhere (which a draft may)."""
        cleaned = super().clean(value)
        if cleaned["page"] and cleaned["url"]:
            message = "This link has a page and an address. Take one of them out."
            raise StructBlockValidationError({"url": ValidationError(message)})
        if not (cleaned["page"] or cleaned["url"] or self.is_deferred_validation):
            message = "Choose a page of this site, or write an address below."
            raise StructBlockValidationError({"page": ValidationError(message)})
        return cleaned

    class Meta:
        icon = "link"
        help_text = "Choose a page or write an address: one of the two."
        label_format = "{text}"
        value_class = LinkValue


class CallToActionBlock(StructBlock):
    """One sentence and one button."""

    title = CharBlock(max_length=80)
    text = TextBlock(required=False)
    link = LinkBlock()

    class Meta:
        icon = "pick"
        label = "Call to action"
        template = "base/blocks/call_to_action.html"
        group = "Links"
        label_format = "{title}"
        description = "Says what to do next, with a button. At most one on a page is best."
        preview_value = {
            "title": "Not sure which course you need?",
            "text": "Tell us about your team, and we suggest two or three.",
            "link": {"text": "Ask us", "page": None, "url": "https://www.example.org/"},
        }


class SharedCallToActionBlock(PreviewFromSite, SnippetChooserBlock):
    """An invitation that is written once, under “Shared content”."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("base.CallToAction", **kwargs)

    def get_preview_value(self) -> Any:
        """Show one that the site has."""
        return self.target_model.objects.first()

    class Meta:
        icon = "snippet"
        label = "Shared call to action"
        template = "base/blocks/shared_call_to_action.html"
        group = "Links"
        description = "An invitation from the shared content: changed there, it changes everywhere."
        nothing_yet = (
            "There is no shared call to action yet. Add one under “Shared content”, "
            "and you will see it here."
        )
