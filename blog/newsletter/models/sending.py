from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from base.keys import new_key

from ..querysets import DeliveryQuerySet
from .issue import LONGEST_SUBJECT, NewsletterIssuePage
from .subscribers import Subscriber


class Sending(models.Model):
    """An issue on its way to its readers: once, at a time, to whom. Only services write it."""

    class State(models.TextChoices):
        """How far it is."""

        SCHEDULED = "scheduled", "Waits for its time"
        SENDING = "sending", "Is being sent"
        PAUSED = "paused", "Paused"
        CANCELLED = "cancelled", "Cancelled"
        SENT = "sent", "Sent"

    class Audience(models.TextChoices):
        """Who of those who get the newsletter."""

        EVERYBODY = "everybody", "Everybody who gets the newsletter"
        NEWS = "news", "Who wants news"
        DATES = "dates", "Who wants course dates"

    issue = models.OneToOneField(
        NewsletterIssuePage, on_delete=models.CASCADE, related_name="sending"
    )
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.EVERYBODY)
    state = models.CharField(max_length=10, choices=State, default=State.SCHEDULED)
    send_at = models.DateTimeField("to be sent", default=timezone.now)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Part of every mail's Message-ID.
    key = models.UUIDField(unique=True, default=new_key, editable=False)
    subject = models.CharField(max_length=LONGEST_SUBJECT, blank=True)
    begun_at = models.DateTimeField("begun", null=True, blank=True)
    finished_at = models.DateTimeField("finished", null=True, blank=True)
    # Deliveries are queued in the order of subscribers' keys: those up to this one are.
    queued_to = models.BigIntegerField(default=0)
    is_queued = models.BooleanField(default=False)
    # The mail server is left alone until then; so often in a row it did not answer.
    rests_until = models.DateTimeField(null=True, blank=True)
    rests = models.PositiveIntegerField(default=0)
    # So many mails in a row were refused, and no address was to blame.
    refusals = models.PositiveIntegerField(default=0)
    # A worker is at it until then, unless it is gone.
    held_until = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True, help_text="What the mail server said.")

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-send_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.issue}, {self.get_state_display()}"

    @property
    def is_under_way(self) -> bool:
        """Whether mails go out, or will by themselves."""
        return self.state in {self.State.SCHEDULED, self.State.SENDING}

    @property
    def headline(self) -> str:
        """How far it is, in a few words."""
        match self.state:
            case self.State.SCHEDULED if self.send_at > timezone.now():
                return f"It goes out on {timezone.localtime(self.send_at):%A %-d %B %Y, %H:%M}"
            case self.State.SCHEDULED | self.State.SENDING:
                return "It is going out"
            case self.State.PAUSED:
                return "It is paused"
            case self.State.CANCELLED:
                return "It was called off"
            case _:
                return "It was sent"


class SentEdition(models.Model):
    """What some of the readers get, as it was when the sending began."""

    sending = models.ForeignKey(Sending, on_delete=models.CASCADE, related_name="editions")
    key = models.CharField(max_length=30)
    html = models.TextField()
    text = models.TextField()

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sending", "key"], name="newsletter_edition_once")
        ]

    def __str__(self) -> str:
        return f"{self.sending.subject}, {self.key}"


class SentLink(models.Model):
    """A link of an issue whose presses are counted: the same for all readers."""

    sending = models.ForeignKey(Sending, on_delete=models.CASCADE, related_name="links")
    address = models.TextField()
    presses = models.PositiveIntegerField(default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-presses", "pk"]

    def __str__(self) -> str:
        return self.address


class Delivery(models.Model):
    """One issue for one subscriber. It holds no address: that is the subscriber's alone."""

    class State(models.TextChoices):
        """What became of it."""

        QUEUED = "queued", "Queued"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        REFUSED = "refused", "Refused"
        BOUNCED = "bounced", "Bounced"
        SKIPPED = "skipped", "Not on the list any more"
        CANCELLED = "cancelled", "Cancelled"

    sending = models.ForeignKey(Sending, on_delete=models.CASCADE, related_name="deliveries")
    subscriber = models.ForeignKey(
        Subscriber, null=True, on_delete=models.SET_NULL, related_name="deliveries"
    )
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField("due", default=timezone.now)
    # Whoever claimed it has it until then; afterwards it is anybody's again.
    leased_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField("finished", null=True, blank=True)
    problem = models.CharField(max_length=200, blank=True, help_text="What the server answered.")
    left_at = models.DateTimeField("left", null=True, blank=True)
    complained_at = models.DateTimeField("complained", null=True, blank=True)

    wagtail_reference_index_ignore = True

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["sending", "subscriber"], name="newsletter_delivery_once"
            )
        ]
        indexes = [
            models.Index(fields=["sending", "state", "due_at"], name="newsletter_next_delivery")
        ]

    def __str__(self) -> str:
        return f"{self.sending_id} to {self.subscriber_id}: {self.get_state_display()}"
