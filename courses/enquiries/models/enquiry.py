from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from base.models import Topic
from courses.models import CoursePage

from ..querysets import EnquiryQuerySet


class Status(models.TextChoices):
    """How far an enquiry has come."""

    NEW = "new", "New"
    ANSWERED = "answered", "Answered"
    QUOTED = "quoted", "Quoted"
    BOOKED = "booked", "Booked"
    CLOSED = "closed", "Closed"

    @property
    def is_final(self) -> bool:
        """Whether nothing is left to do: the months until it is deleted are counted from here."""
        return self in (Status.BOOKED, Status.CLOSED)


class Enquiry(models.Model):
    """Somebody asks for training of their own. Only services write enquiries."""

    # Stands for one copy of the form: sent twice, it is one enquiry.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=12, unique=True)
    created_at = models.DateTimeField("sent", default=timezone.now)
    status = models.CharField(max_length=8, choices=Status, default=Status.NEW)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # The words stay when the course or the topic goes.
    about = models.CharField(max_length=255)
    course = models.ForeignKey(
        CoursePage, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    topic = models.ForeignKey(
        Topic, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.CharField(max_length=120)
    name = models.CharField(max_length=100)
    email = models.EmailField("e-mail")
    telephone = models.CharField(max_length=30, blank=True)
    people = models.PositiveSmallIntegerField("how many people")
    online = models.BooleanField(default=False)
    place = models.CharField("where", max_length=120, blank=True)
    when = models.CharField(max_length=200)
    budget = models.CharField(max_length=60, blank=True)
    message = models.TextField(blank=True)
    plan = models.TextField(blank=True, help_text="What the team planner worked out.")
    consent = models.CharField(
        max_length=300, blank=True, help_text="What the form said about the use of the answers."
    )
    network = models.CharField(
        max_length=64,
        blank=True,
        help_text="A keyed hash of the network that it came from, forgotten after 30 days.",
    )
    reminded_at = models.DateTimeField(
        null=True, blank=True, help_text="When somebody was reminded that it waits."
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    # Wagtail's index of references asks the database several times for every row saved.
    wagtail_reference_index_ignore = True

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = "enquiry"
        verbose_name_plural = "enquiries"
        indexes = [
            models.Index(fields=["status", "created_at"], name="enquiry_status"),
            models.Index(fields=["email", "created_at"], name="enquiry_email"),
            models.Index(fields=["network", "created_at"], name="enquiry_network"),
        ]

    def __str__(self) -> str:
        return f"{self.reference}, {self.organisation}"

    @property
    def where_text(self) -> str:
        """Where it should happen, in words."""
        return " or ".join(filter(None, [self.place, "online" if self.online else ""]))

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What was asked for, question by question; what was left out is left out."""
        answers = {
            "About": self.about,
            "People": str(self.people),
            "Where": self.where_text,
            "When": self.when,
            "Budget": self.budget,
        }
        return [(question, answer) for question, answer in answers.items() if answer]


class EnquiryEvent(models.Model):
    """What happened to an enquiry: who changed what, and what staff noted."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    text = models.TextField()
    is_note = models.BooleanField(default=False)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text
