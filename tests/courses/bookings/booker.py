"""A visitor who books, by the public door."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from courses.models import CourseRun
from tests import markup

ADA = {"name": "Ada Example", "email": "ada@example.org"}
NEEDS = {"access_needs", "dietary_needs"}
PEOPLE = ["Ada Example", "Grace Example", "Sam Example"]


def form_url(run: CourseRun) -> str:
    return reverse("courses_bookings:book", args=[run.pk])


def token_of(response: HttpResponse) -> str:
    return str(markup.read(response.content).find("input", {"name": "token"})["value"])


def answers(people: list[Any], **changes: Any) -> dict[str, Any]:
    """What is typed for so many people: names, or whole answers, with consent to keep needs."""
    typed = {
        "people-TOTAL_FORMS": len(people),
        "people-INITIAL_FORMS": 0,
        "people-MIN_NUM_FORMS": 1,
        "people-MAX_NUM_FORMS": 20,
    }
    for row, person in enumerate(people):
        person = {"name": person} if isinstance(person, str) else person
        for name, value in person.items():
            typed[f"people-{row}-{name}"] = value
            if name in NEEDS and value:
                typed["consent"] = "on"
    return ADA | typed | changes


def send(client: Client, run: CourseRun, step: str = "book", **changes: Any) -> HttpResponse:
    """Open the form, fill it in, and press a button, from a network that `ip` stands for."""
    origin = {"REMOTE_ADDR": changes.pop("ip", "127.0.0.1")}
    people = changes.pop("people", PEOPLE)
    token = changes.pop("token", None) or token_of(client.get(form_url(run)))
    typed = answers(people, **changes) | {"token": token, "step": step}
    return client.post(form_url(run), typed, **origin)
