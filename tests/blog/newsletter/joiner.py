"""Somebody who would like the newsletter, by the public door."""

import re
from typing import Any
from urllib.parse import urlsplit

from django.core import mail
from django.http import HttpResponse
from django.test import Client

JOIN = "/newsletter/join/"
ASKED = "/newsletter/asked/"
EMAIL = "ada@example.org"
BOTH = ["wants_news", "wants_dates"]
LINK = re.compile(r"https?://\S+/newsletter/\S+")


def join(client: Client, *, ip: str = "", **changes: Any) -> HttpResponse:
    """Send the form, from an address of the network that is given."""
    typed = {"email": EMAIL, "interests": BOTH, "nothing": "", "where": "/"} | changes
    extra = {"REMOTE_ADDR": ip} if ip else {}
    return client.post(JOIN, typed, **extra)


def link_in(message: mail.EmailMessage) -> str:
    """Return the path of the link in a mail."""
    [address] = LINK.findall(str(message.body))[:1]
    return urlsplit(address).path
