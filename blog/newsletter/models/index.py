from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.urls import reverse_lazy
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.rich_text import get_text_for_indexing
from wagtail.search import index

from base.models import BasePage, CustomImage
from blog.paging import page_of

from ..querysets import IssueQuerySet

ISSUES_A_PAGE = 12


class NewsletterIndexPage(BasePage):
    """Where people read what the newsletter is, and join."""

    subpage_types = ["blog_newsletter.NewsletterIssuePage"]
    max_count_per_parent = 1
    joined = ["image"]
    invites_to_newsletter = True
    # Where forms on other pages send an address (see OrganisationSettings.newsletter_action).
    takes_addresses_at = reverse_lazy("blog_newsletter:join")

    intro = RichTextField(
        blank=True,
        features=["bold", "italic", "link"],
        help_text="Shown above the form: what people get, and how often.",
    )
    image = models.ForeignKey(
        CustomImage,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Shown on the page's card.",
    )

    content_panels = [*BasePage.content_panels, FieldPanel("intro"), FieldPanel("image")]
    search_fields = [*BasePage.search_fields, index.SearchField("intro")]

    class Meta:
        verbose_name = "newsletter page"

    @property
    def issues(self) -> IssueQuerySet:
        """The issues that every visitor may read, the newest first."""
        from .issue import NewsletterIssuePage

        issues: IssueQuerySet = NewsletterIssuePage.objects.child_of(self).published()
        return issues

    @property
    def listing_summary(self) -> str:
        """What the newsletter is, as plain words."""
        return self.search_description or get_text_for_indexing(self.intro)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the `form`, and one page of the `issues`: `?page=` takes a number from 1."""
        # Forms are made of what models say.
        from ..forms import JoinForm

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        number = request.GET.get("page", "1")
        issues = page_of(self.issues.for_cards(), number, ISSUES_A_PAGE)
        return context | {"form": JoinForm(where=request.path), "issues": issues}
