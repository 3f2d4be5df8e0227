from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from base.network import network_hash
from blog.models import BlogPage

from . import services, tokens
from .forms import CONSENT, CommentForm, ReportForm
from .models import Comment, CommentSettings

MAX_KEY = 2**63 - 1
visitors_form = require_http_methods(["GET", "HEAD", "POST"])


def _post(pk: int) -> BlogPage:
    return get_object_or_404(BlogPage.objects.visible(), pk=min(pk, MAX_KEY))


def _parent(request: HttpRequest, page: BlogPage) -> Comment | None:
    """Return the comment that `?reply=` names; a reply to a reply belongs to the same thread.

    None where it is gone: the words are then a comment of their own, and not lost.
    """
    number = request.GET.get("reply", "")
    if not number.isascii() or not number.isdecimal() or int(number) > MAX_KEY:
        return None
    comment = Comment.objects.approved().filter(page=page, pk=number).first()
    return comment.parent or comment if comment else None


def _render(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    response = render(request, template, context)
    response["X-Robots-Tag"] = "noindex"
    return response


@never_cache
@visitors_form
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form for a comment on a post, and take what is sent."""
    post = _post(pk)
    settings = CommentSettings.for_request(request)
    parent = _parent(request, post)
    if request.method == "POST":
        form = CommentForm(request.POST, page_pk=post.pk)
        answer = _take(request, post, parent, form, settings)
        if answer:
            return answer
    else:
        form = CommentForm(page_pk=post.pk)
    privacy = settings.privacy_page
    context = {
        "post": post,
        "parent": parent,
        "form": form,
        "consent": CONSENT,
        "privacy_url": privacy and privacy.live and privacy.get_url(request),
        "privacy_title": privacy and privacy.title,
        "is_open": settings.is_open(post) or form.is_bound,
    }
    return _render(request, "blog_comments/add.html", context)


def _take(
    request: HttpRequest,
    post: BlogPage,
    parent: Comment | None,
    form: CommentForm,
    settings: CommentSettings,
) -> HttpResponse | None:
    """Hand the words on; None where the form is shown again."""
    if not form.is_valid():
        return None
    words = services.Words(
        name=form.cleaned_data["name"],
        email=form.cleaned_data["email"],
        text=form.cleaned_data["text"],
        wants_replies=form.cleaned_data["wants_replies"],
        parent=parent,
        consent=CONSENT,
        fell_for_trap=form.is_from_robot,
    )
    try:
        comment = services.submit(post, words, form.sent_token, network_hash(request), settings)
    except services.RefusedError as refused:
        for field, message in refused.errors.items():
            form.add_error(field, message)
        if refused.renews_form:
            form.renew()
        return None
    if comment.is_shown:
        return redirect(f"{post.get_url(request)}#{comment.anchor}")
    return redirect("blog_comments:thanks", post.pk)


@require_safe
def thanks(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what happens next."""
    return _render(request, "blog_comments/thanks.html", {"post": _post(pk)})


@never_cache
@visitors_form
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask why a comment is reported, and take the answer."""
    comments = Comment.objects.approved().exclude(text="").select_related("page")
    comment = get_object_or_404(comments, pk=min(pk, MAX_KEY))
    post = _post(comment.page_id)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not form.is_from_robot:
            services.report(
                comment,
                form.cleaned_data["reason"],
                form.cleaned_data["key"] or uuid.uuid4(),
                network_hash(request),
                CommentSettings.for_request(request),
            )
        return redirect("blog_comments:reported", post.pk)
    return _render(
        request, "blog_comments/report.html", {"post": post, "comment": comment, "form": form}
    )


@require_safe
def reported(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that staff will look at the comment."""
    return _render(request, "blog_comments/reported.html", {"post": _post(pk)})


# The mail programme that presses the button has neither cookie nor token (RFC 8058); the signed
# address is enough.
@csrf_exempt
@never_cache
@visitors_form
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether mails about replies shall stop; a POST stops them, and is not redirected."""
    pk = tokens.read_stop(token)
    if pk is None:
        raise Http404
    if request.method == "POST":
        services.stop_mails(pk)
    return _render(request, "blog_comments/stop.html", {"is_stopped": request.method == "POST"})
