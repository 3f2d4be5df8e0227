"""Where a provider tells what became of our mails: django-anymail's webhooks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from anymail.urls import urlpatterns as anymail_urls
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest
from django.urls import URLPattern, path


@contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    except SuspiciousOperation:
        raise
    except Exception as error:
        raise BadRequest("What the mail provider sent cannot be read.") from error


class CarefulMixin:
    """Answers what cannot be read as a bad request: it is no fault of ours."""

    def run_validators(self, request: HttpRequest) -> None:
        """Make sure who calls."""
        with _reading():
            super().run_validators(request)  # type: ignore[misc]

    def parse_events(self, request: HttpRequest) -> list[Any]:
        """Return what happened, in django-anymail's words."""
        with _reading():
            return super().parse_events(request)  # type: ignore[misc]


def urls_of(provider: str) -> list[URLPattern]:
    """Return the address that one provider calls; the others' do not exist.

    Each event becomes a signal, `anymail.signals.tracking`.
    """
    name = f"{provider}_tracking_webhook"
    return [
        path(str(pattern.pattern), _careful(pattern.callback.view_class).as_view(), name=name)
        for pattern in anymail_urls
        if pattern.name == name
    ]


def _careful(view: Any) -> Any:
    return type(view.__name__, (CarefulMixin, view), {})
