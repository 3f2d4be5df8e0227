"""What people sent through the site's forms."""

import json
from typing import Any

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast

from .models import ContactSubmission


def answers_of(email: str) -> QuerySet[ContactSubmission]:
    """Return what was sent with an address as one of its answers, oldest first."""
    said = ContactSubmission.objects.annotate(said=Cast("form_data", CharField()))
    found = said.filter(said__icontains=json.dumps(email.strip()))
    return found.select_related("page").order_by("submit_time", "pk")


def export(email: str) -> list[dict[str, Any]]:
    """Return the answers, with the form's title and when they were sent."""
    return [
        {"form": answers.page.title, "sent": answers.submit_time, **answers.form_data}
        for answers in answers_of(email)
    ]


def erase(email: str) -> int:
    """Delete the answers, and return how many times somebody had sent some."""
    count, _ = answers_of(email).delete()
    return count
