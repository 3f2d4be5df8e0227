from __future__ import annotations

import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from base.keys import read_link
from base.network import network_hash
from blog.feeds import index_for

from . import services, tokens
from .emails import subscriber_path
from .feeds import serve_issues
from .forms import WORDING, JoinForm, PreferencesForm
from .models import Consent, NewsletterIndexPage, NewsletterSettings, Subscriber

View = Callable[..., HttpResponse]
MAX_KEY = 2**63 - 1


def open_form(view: View) -> View:
    """Take a form without a session's token.

    Forms to join stand on pages that are the same for everybody, and mail programmes press
    buttons without a cookie (RFC 8058). What is done needs the link in a mail, or a second step
    by one.
    """
    guarded = require_http_methods(["GET", "HEAD", "POST"])(view)
    return csrf_exempt(never_cache(guarded))


def _render(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = HTTPStatus.OK
) -> HttpResponse:
    response = render(request, template, context, status=status)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "same-origin"
    return response


# Reading


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Serve the feed of all issues."""
    return serve_issues(request, index_for(request, NewsletterIndexPage))


# Joining


@open_form
def join(request: HttpRequest) -> HttpResponse:
    """Show the form, and take what is sent from it or from the short one on other pages."""
    form = JoinForm(request.POST if request.method == "POST" else None, where=request.path)
    if request.method == "POST" and _take(request, form):
        return redirect("blog_newsletter:asked")
    context = {
        "form": form,
        "privacy_page": NewsletterSettings.for_request(request).live_privacy_page,
    }
    return _render(request, "blog_newsletter/join.html", context)


def _take(request: HttpRequest, form: JoinForm) -> bool:
    """Hand a request on; False where the form is shown again. A robot hears the same as others."""
    if form.is_from_robot:
        return True
    if not form.is_valid():
        return False
    asked = services.Request(
        email=form.cleaned_data["email"],
        name=form.cleaned_data["name"],
        wishes=form.wishes,
        where=form.cleaned_data["where"],
        wording=WORDING,
    )
    try:
        services.ask(asked, network_hash(request))
    except services.RefusedError as refused:
        form.add_error(None, str(refused))
        return False
    return True


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Say what happens next."""
    return _render(request, "blog_newsletter/asked.html", {})


def _key(token: str, salt: str) -> uuid.UUID:
    key = read_link(token, salt)
    if key is None:
        raise Http404
    return key


@open_form
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether the request was theirs; a POST says yes."""
    key = _key(token, tokens.CONFIRM_SALT)
    if request.method == "POST":
        services.confirm(key)
    consent = Consent.objects.select_related("subscriber").filter(key=key).first()
    if consent and consent.subscriber:
        return _render(request, "blog_newsletter/welcome.html", _about(consent.subscriber))
    if services.can_confirm(consent):
        return _render(request, "blog_newsletter/confirm.html", {"consent": consent})
    return _render(request, "blog_newsletter/too_old.html", {}, HTTPStatus.GONE)


@never_cache
@require_GET
def go(request: HttpRequest, pk: int) -> HttpResponse:
    """Count that a link of an issue was pressed, by nobody in particular, and follow it."""
    address = services.press(pk) if pk <= MAX_KEY else None
    if address is None:
        raise Http404
    response = redirect(address)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


# What subscribers do by the links in their mails


def _subscriber(token: str) -> Subscriber | None:
    """Return whose link it is; None where they were erased since."""
    return Subscriber.objects.filter(link_key=_key(token, tokens.SUBSCRIBER_SALT)).first()


def _about(subscriber: Subscriber) -> dict[str, Any]:
    ways = {f"{name}_path": subscriber_path(subscriber, name) for name in ("preferences", "leave")}
    return {"subscriber": subscriber, **ways}


@open_form
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """Show what somebody gets, and take what they would rather get."""
    subscriber = _subscriber(token)
    if subscriber is None:
        return _render(request, "blog_newsletter/erase.html", {"is_erased": True})
    sent = request.POST if request.method == "POST" else None
    form = PreferencesForm(sent, subscriber=subscriber)
    is_saved = form.is_bound and form.is_valid()
    if is_saved:
        services.change(subscriber, form.cleaned_data["name"], form.wishes)
    context = {
        "form": form,
        "is_saved": is_saved,
        "erase_path": subscriber_path(subscriber, "erase"),
        **_about(subscriber),
    }
    return _render(request, "blog_newsletter/preferences.html", context)


@open_form
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether they want to leave; a POST, also a mail programme's (RFC 8058), does it."""
    subscriber = _subscriber(token)
    if subscriber is None:
        return _render(request, "blog_newsletter/erase.html", {"is_erased": True})
    if request.method == "POST":
        services.leave(subscriber)
        subscriber.refresh_from_db()
    return _render(request, "blog_newsletter/leave.html", _about(subscriber))


@open_form
def erase(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether their address shall be erased; a POST does it, and the link is used up."""
    subscriber = _subscriber(token)
    if request.method == "POST" and subscriber:
        services.erase(subscriber.email)
        subscriber = None
    return _render(request, "blog_newsletter/erase.html", {"is_erased": subscriber is None})
