from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from base.blocks.together import load
from base.models import BasePage, BasePageManager, OrganisationSettings
from base.text import one_line

from ..blocks import EasyReadStreamBlock, IssueBlock
from ..drafts import draft
from ..editions import Edition, at_night, render_letter
from ..querysets import IssueQuerySet
from ..structured_data import structured_data

# The newsletter's own addresses: an issue there would never be found.
TAKEN_SLUGS = {"asked", "confirm", "erase", "feed", "go", "join", "leave", "preferences"}
LONGEST_SUBJECT = 120  # characters; more than any mail program shows
PREVIEWS = {
    "mail": "E-mail",
    "mail-dark": "E-mail, dark",
    "easy-read": "E-mail, Easy Read",
    "text": "E-mail, plain text",
}


class IssueForm(WagtailAdminPageForm):
    """Begins a new issue with what there is to tell."""

    def __init__(self, data: Any = None, files: Any = None, *args: Any, **kwargs: Any) -> None:
        issue = kwargs.get("instance")
        if data is None and issue is not None and not issue.pk:
            for name, value in draft(kwargs.get("parent_page")).items():
                setattr(issue, name, value)
        super().__init__(data, files, *args, **kwargs)


class NewsletterIssuePage(BasePage):
    """One issue of the newsletter: a page of the site, and a mail to whoever asked for it."""

    parent_page_types = ["blog_newsletter.NewsletterIndexPage"]
    subpage_types: list[str] = []
    kind = found_as = "Newsletter"
    ages = True
    base_form_class = IssueForm
    invites_to_newsletter = True
    draws_social_picture = True
    card_template = "blog_newsletter/card.html"

    subject = models.CharField(
        max_length=LONGEST_SUBJECT,
        blank=True,
        help_text="The mail's subject. Up to 50 characters are read in full on a phone. Left "
        "empty, it is the title.",
    )
    intro = models.CharField(
        "in one sentence",
        max_length=200,
        help_text="Shown beside the subject in mailboxes, and where the issue is listed.",
    )
    body = StreamField(
        IssueBlock(),
        help_text="It began with what is new. Move, change or remove what you like, and add a "
        "word of welcome.",
    )
    easy_read = StreamField(
        EasyReadStreamBlock(required=False),
        blank=True,
        verbose_name="Easy Read edition",
        help_text="For those who asked for it. Left empty, they get the usual edition.",
    )

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel([FieldPanel("subject"), FieldPanel("intro")], heading="In the mailbox"),
        FieldPanel("body"),
        FieldPanel("easy_read"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("intro"),
        index.SearchField("body"),
    ]

    objects = BasePageManager.from_queryset(IssueQuerySet)()

    class Meta:
        verbose_name = "newsletter issue"

    def clean(self) -> None:
        """Refuse an address that leads elsewhere."""
        super().clean()
        if self.slug in TAKEN_SLUGS:
            message = "The newsletter uses this address itself. Please choose another one."
            raise ValidationError({"slug": message})

    @property
    def mail_subject(self) -> str:
        """The subject of the mail, in one line."""
        return one_line(self.subject or self.title)

    @property
    def listing_summary(self) -> str:
        """What the issue is about."""
        return self.intro

    @property
    def listing_date(self) -> datetime | None:
        """When the issue came out."""
        return self.first_published_at

    @property
    def listing_line(self) -> str:
        """When the issue came out, as a day."""
        day = self.listing_date
        return f"{timezone.localtime(day):%-d %B %Y}" if day else ""

    @cached_property
    def around(self) -> list[NewsletterIssuePage]:
        """The issue just before this one and the one just after, as far as there are any."""
        if not self.first_published_at:
            return []
        issues = NewsletterIssuePage.objects.sibling_of(self).visible()
        older, newer = (
            Subquery(near.values("pk")[:1])
            for near in (issues.older_than(self), issues.newer_than(self))
        )
        chosen = Q(pk=older) | Q(pk=newer)
        return list(NewsletterIssuePage.objects.filter(chosen).for_cards())

    @property
    def older(self) -> NewsletterIssuePage | None:
        """The issue that came out just before this one."""
        return next((issue for issue in self.around if issue.age < self.age), None)

    @property
    def newer(self) -> NewsletterIssuePage | None:
        """The issue that came out just after this one."""
        return next((issue for issue in self.around if issue.age > self.age), None)

    @property
    def age(self) -> tuple[datetime | None, int]:
        """What issues are sorted by: of two of the same moment, the one made later is newer."""
        return self.first_published_at, self.pk

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        """The page, and the mail in each of its forms."""
        return [("", "Web page"), *PREVIEWS.items()]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show the page, or the mail as everybody who wants everything gets it."""
        if mode_name not in PREVIEWS:
            response: HttpResponse = super().serve_preview(request, mode_name)
            return response
        letter = render_letter(self, Edition(is_easy_read=mode_name == "easy-read"))
        if mode_name == "text":
            return render(request, "blog_newsletter/mail_as_text.html", letter._asdict())
        return HttpResponse(at_night(letter.html) if mode_name == "mail-dark" else letter.html)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the `blocks` of what is shown (the Easy Read edition if asked for), and
        `structured_data`.
        """
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        is_easy_read = "easy-read" in request.GET and bool(self.easy_read)
        organisation = OrganisationSettings.for_request(request)
        [stream] = load([self.easy_read if is_easy_read else self.body])
        return context | {
            "is_easy_read": is_easy_read,
            "blocks": Edition().parts_of(stream),
            "structured_data": structured_data(self, organisation),
        }
