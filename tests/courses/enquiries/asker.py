"""A manager who asks for training of their own, by the public door."""

from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests import markup

URL = "/courses/enquiries/"


def token_of(response: HttpResponse) -> str:
    return str(markup.read(response.content).find("input", {"name": "token"})["value"])


def answers(**changes: Any) -> dict[str, Any]:
    return {
        "about": "other",
        "organisation": "Rose House",
        "name": "Ada Example",
        "email": "ada@example.org",
        "telephone": "01632 960120",
        "people": "12",
        "place": "Leeds",
        "when": "Tuesdays in March",
        "budget": "£900",
        "message": "Many of us are new.\r\nWe work nights.",
        "nothing": "",
    } | changes


def send(client: Client, url: str = URL, *, ip: str = "", **changes: Any) -> HttpResponse:
    """Open the form, fill it in and send it, from an address of the network that is given."""
    extra = {"REMOTE_ADDR": ip} if ip else {}
    typed = answers(**changes)
    typed.setdefault("token", token_of(client.get(url)))
    return client.post(url, typed, **extra)
