"""What a visitor does to comment: opens the form, takes a minute, sends it."""

import datetime as dt
import uuid
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from blog.comments.tokens import Token
from blog.models import BlogPage


def form_url(post: BlogPage, reply: int | None = None) -> str:
    url = reverse("blog_comments:add", args=[post.pk])
    return f"{url}?reply={reply}" if reply else url


def token(post: BlogPage, seconds: float = 60, **changes: Any) -> str:
    """The token of a form that was opened so many seconds ago."""
    made_at = timezone.now() - dt.timedelta(seconds=seconds)
    return Token(post.pk, uuid.uuid4(), made_at, **changes).sign()


def answers(post: BlogPage, **changes: Any) -> dict[str, Any]:
    return {
        "name": "Sam Hill",
        "email": "sam@example.org",
        "text": "We tried this on our night shift, and it helped everybody.",
        "nothing": "",
        "token": token(post),
    } | changes


def send(
    client: Client, post: BlogPage, *, reply: int | None = None, ip: str = "", **changes: Any
) -> HttpResponse:
    """Send a comment, from an address of the network that is given."""
    extra = {"REMOTE_ADDR": ip} if ip else {}
    return client.post(form_url(post, reply), answers(post, **changes), **extra)
