from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone

from base.keys import new_key

from ..querysets import ConsentQuerySet, SubscriberQuerySet

WISHES = {
    "wants_news": "news",
    "wants_dates": "course dates",
    "wants_easy_read": "Easy Read edition",
}


def wishes_from(chosen: Iterable[str]) -> dict[str, bool]:
    """Return what was chosen, by field."""
    wanted = set(chosen)
    return {name: name in wanted for name in WISHES}


class Wishes(models.Model):
    """What somebody would like to get. The Easy Read edition alone is that of everything."""

    wants_news = models.BooleanField(WISHES["wants_news"], default=True)
    wants_dates = models.BooleanField(WISHES["wants_dates"], default=True)
    wants_easy_read = models.BooleanField(WISHES["wants_easy_read"], default=False)

    class Meta:
        abstract = True

    @property
    def wishes(self) -> dict[str, bool]:
        """What is wanted, by field."""
        return {name: getattr(self, name) for name in WISHES}

    @property
    def wishes_text(self) -> str:
        """What is wanted, in words."""
        return ", ".join(label for name, label in WISHES.items() if getattr(self, name))


class Subscriber(Wishes):
    """Somebody who gets the newsletter, or did. Only services write subscribers."""

    class State(models.TextChoices):
        """Whether mails go there."""

        ACTIVE = "active", "Gets it"
        LEFT = "left", "Left"
        BOUNCED = "bounced", "Address fails"
        COMPLAINED = "complained", "Complained"

    email = models.EmailField("e-mail", unique=True)
    name = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    since = models.DateTimeField(
        default=timezone.now, help_text="When they joined, left, or mails began to fail."
    )
    # The key of the links in their mails; a new one revokes them.
    link_key = models.UUIDField(unique=True, default=new_key, editable=False)

    # Wagtail's index of references asks the database several times for every row saved.
    wagtail_reference_index_ignore = True

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        ordering = ["email"]
        indexes = [models.Index(fields=["state", "since"], name="newsletter_state")]

    def __str__(self) -> str:
        return self.email

    @property
    def is_active(self) -> bool:
        """Whether mails go there."""
        return self.state == self.State.ACTIVE

    @property
    def last_consent(self) -> Consent | None:
        """What they agreed to last; costs no query where it was fetched with them."""
        return max(self.consents.all(), key=lambda consent: consent.agreed_at, default=None)


class Consent(Wishes):
    """What somebody was asked, where and when, and whether they agreed: the evidence.

    A request by a form counts once the link in its mail was used, a row of a list that was
    imported by the proof that stood in it (UK GDPR, article 7(1)).
    """

    email = models.EmailField("e-mail")
    mailbox = models.EmailField(help_text="By which requests are counted: the address untagged.")
    name = models.CharField(max_length=100, blank=True)
    subscriber = models.ForeignKey(
        Subscriber, null=True, blank=True, on_delete=models.CASCADE, related_name="consents"
    )
    # The key of the link that confirms the request.
    key = models.UUIDField(unique=True, default=new_key, editable=False)
    asked_at = models.DateTimeField("asked", default=timezone.now)
    where = models.CharField(max_length=200, help_text="The page with the form, or the list.")
    wording = models.TextField(help_text="The words beside the button or the box.")
    network = models.CharField(
        max_length=64,
        blank=True,
        help_text="A keyed hash of the network that it came from, forgotten after 30 days.",
    )
    confirmed_at = models.DateTimeField("confirmed", null=True, blank=True)
    imported_at = models.DateTimeField("imported", null=True, blank=True)
    proof = models.TextField(blank=True, help_text="How the list's owner knows of the consent.")
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    wagtail_reference_index_ignore = True

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]
        indexes = [
            models.Index(fields=["email", "asked_at"], name="newsletter_email"),
            models.Index(fields=["mailbox", "asked_at"], name="newsletter_mailbox"),
            models.Index(fields=["network", "asked_at"], name="newsletter_network"),
            models.Index(fields=["asked_at"], name="newsletter_asked"),
        ]

    def __str__(self) -> str:
        return f"{self.email}, {timezone.localtime(self.asked_at):%d/%m/%Y}"

    @property
    def agreed_at(self) -> datetime:
        """When they agreed: by the link in the mail, or as the list says."""
        return self.confirmed_at or self.asked_at


class Suppression(models.Model):
    """An address that no list may bring back, without the address itself.

    Somebody whose address this is can join again by themselves.
    """

    class Reason(models.TextChoices):
        """Why no list may bring it back."""

        ERASED = "erased", "Erased on request"
        LEFT = "left", "Left long ago"
        BOUNCED = "bounced", "Address failed"
        COMPLAINED = "complained", "Complained"

    digest = models.CharField(max_length=64, unique=True)
    reason = models.CharField(max_length=10, choices=Reason)
    at = models.DateTimeField(default=timezone.now)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}, {timezone.localtime(self.at):%d/%m/%Y}"
