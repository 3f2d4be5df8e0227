from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Page

from base.addresses import one_way
from base.confidentiality import find
from blog.models import BlogPage

from .querysets import CommentQuerySet

REMOVED = "[removed]"
REMEMBERED = "comments-close-after-days"
A_MINUTE = 60  # seconds
MODERATE = "blog_comments.moderate_comment"


@register_setting(icon="comment")
class CommentSettings(BaseSiteSetting):
    """How comments are dealt with."""

    moderators = models.TextField(
        "moderators' e-mail addresses",
        blank=True,
        help_text=(
            "One a line. They get a mail when a comment waits or is reported. "
            "Left empty: everybody who may moderate comments gets it."
        ),
    )
    lets_known_people_through = models.BooleanField(
        "show comments of known people at once",
        default=False,
        help_text=(
            "Known is who had a comment approved before, under the same name and address. "
            "What looks like spam or holds something confidential still waits for you."
        ),
    )
    close_after_days = models.PositiveSmallIntegerField(
        "close after days",
        null=True,
        blank=True,
        help_text="So many days after a post came out nobody can add to it. Left empty: never.",
    )
    privacy_page = models.ForeignKey(
        Page,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Linked below the form, where people read what happens to what they write.",
    )

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("moderators"),
                HelpPanel(template="blog_comments/admin/told.html"),
                FieldPanel("lets_known_people_through"),
            ],
            heading="Moderation",
        ),
        FieldPanel("close_after_days"),
        FieldPanel("privacy_page"),
    ]

    class Meta:
        verbose_name = "comments"

    def __str__(self) -> str:
        return "Comments"

    @property
    def moderator_list(self) -> list[str]:
        """The addresses that staff entered."""
        return self.moderators.replace(",", " ").split()

    @property
    def told(self) -> list[str]:
        """The addresses that get the mails: those entered, else those of all who may moderate."""
        users = get_user_model()._default_manager.with_perm(MODERATE).exclude(email="")
        return self.moderator_list or sorted(set(users.values_list("email", flat=True)))

    def clean(self) -> None:
        """Refuse what is no list of addresses."""
        super().clean()
        for address in self.moderator_list:
            try:
                one_way(address)
            except ValidationError as error:
                message = f"“{address}” is not an e-mail address."
                raise ValidationError({"moderators": message}) from error

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the settings, and forget what pages remember of them."""
        super().save(*args, **kwargs)
        cache.delete(REMEMBERED)

    @classmethod
    def remembered_days(cls, request: HttpRequest) -> int | None:
        """Return `close_after_days` as it was within the last minute, mostly without a query.

        Good enough to show the way to the form; the form itself asks anew.
        """
        days: int | None = cache.get_or_set(
            REMEMBERED, lambda: cls.for_request(request).close_after_days, A_MINUTE
        )
        return days

    def is_open(self, page: BlogPage, now: dt.datetime | None = None) -> bool:
        """Whether readers may add to a post."""
        return takes_comments(page, self.close_after_days, now)


def takes_comments(
    page: BlogPage, close_after_days: int | None, now: dt.datetime | None = None
) -> bool:
    """Whether a post is open, and not older than the days after which posts are closed."""
    if not page.comments_are_open or close_after_days is None:
        return page.comments_are_open
    age = (now or timezone.now()) - page.listing_date
    return age < dt.timedelta(days=close_after_days)


class Comment(models.Model):
    """What somebody wrote below a post. Only services write comments."""

    class State(models.TextChoices):
        """What staff decided."""

        WAITING = "waiting", "waiting"
        APPROVED = "approved", "approved"
        REJECTED = "rejected", "rejected"
        SPAM = "spam", "spam"

    page = models.ForeignKey(BlogPage, on_delete=models.CASCADE, related_name="+")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="replies"
    )
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(default=timezone.now)
    name = models.CharField(max_length=80, blank=True)
    email = models.EmailField("e-mail", blank=True)
    text = models.TextField(blank=True)
    wants_replies = models.BooleanField(default=False)
    consent = models.CharField(
        max_length=300, blank=True, help_text="The words that the writer agreed to."
    )
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_from_staff = models.BooleanField(default=False)
    held_for = models.JSONField(default=list, blank=True)
    suspected = models.BooleanField(
        default=False,
        help_text="The site itself took it for spam; nobody has decided about it since.",
    )
    fingerprint = models.CharField(max_length=64, blank=True)
    network = models.CharField(
        max_length=64,
        blank=True,
        help_text="A keyed hash of the network that it came from, forgotten after 30 days.",
    )
    thread_was_told_at = models.DateTimeField(
        null=True, blank=True, help_text="When those who write in the thread heard of this reply."
    )

    # Wagtail's index of references asks the database several times for every row saved.
    wagtail_reference_index_ignore = True

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["page", "state", "created_at"], name="comment_page"),
            models.Index(fields=["state", "created_at"], name="comment_queue"),
            models.Index(fields=["email", "created_at"], name="comment_email"),
            models.Index(fields=["network", "created_at"], name="comment_network"),
            models.Index(fields=["fingerprint"], name="comment_fingerprint"),
        ]
        permissions = [("moderate_comment", "Can moderate comments")]

    def __str__(self) -> str:
        return f"{self.name or REMOVED} on “{self.page.title}”"

    @property
    def is_shown(self) -> bool:
        """Whether its words are shown to visitors."""
        return self.state == self.State.APPROVED and bool(self.text)

    @property
    def anchor(self) -> str:
        """The name of its place on the post's page."""
        return f"comment-{self.pk}"

    @property
    def is_confidential(self) -> bool:
        """Whether something in it could be masked."""
        return bool(find(self.text) or find(self.name))

    @property
    def tone(self) -> str:
        """The colour of its mark, which means nothing."""
        return ("brave", "mindful", "trustworthy")[self.pk % 3]

    @property
    def initial(self) -> str:
        """What its mark shows."""
        return self.name[:1].upper()


class Decision(models.Model):
    """What a moderator did with one press of a button, so that another can undo it."""

    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=Comment.State)
    before: models.JSONField[Any, Any] = models.JSONField(
        default=dict, help_text="The states before, by the comments' keys."
    )
    reply = models.ForeignKey(
        Comment,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="What staff answered with the same press.",
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{len(self.before)} {self.get_state_display()}"


class Report(models.Model):
    """A reader asks staff to look at a comment again."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reports")
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=500, blank=True)
    network = models.CharField(max_length=64, blank=True)
    settled_by = models.ForeignKey(
        Decision, null=True, blank=True, on_delete=models.SET_NULL, related_name="reports"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.reason or "no reason given"
