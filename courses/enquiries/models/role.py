from __future__ import annotations

from django import forms
from django.db import models
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel

from courses.models import CoursePage


class Role(ClusterableModel):
    """A job in care, and the courses that somebody in it needs."""

    name = models.CharField(
        max_length=60, unique=True, help_text="As people call it: “Support worker”."
    )
    description = models.CharField(
        max_length=150,
        blank=True,
        help_text="Shown below the name, for those who call it something else.",
    )
    courses = ParentalManyToManyField(
        CoursePage, blank=True, related_name="+", help_text="What the team planner plans for it."
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("description"),
        FieldPanel("courses", widget=forms.CheckboxSelectMultiple),
    ]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
