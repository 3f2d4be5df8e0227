"""Where moderators work, in the admin."""

from __future__ import annotations

import re
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.paginator import Page as PageOfComments
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from base.models import OrganisationSettings, User

from . import services
from .forms import AnswerForm
from .models import MODERATE, Comment, Decision
from .querysets import CommentQuerySet
from .services.privacy import SPAM_STAYS

COMMENTS_A_PAGE = 50
PRIMARY_KEY = re.compile("[0-9]{1,18}")
State = Comment.State

# What each list offers to do, the most likely first: the state that it leads to and its word.
ACTIONS = {
    State.APPROVED: "Approve",
    State.REJECTED: "Reject",
    State.SPAM: "Spam",
}
LISTS = {
    "waiting": ("Waiting", [State.APPROVED, State.REJECTED, State.SPAM]),
    "reported": ("Reported", [State.APPROVED, State.REJECTED, State.SPAM]),
    "approved": ("Approved", [State.REJECTED, State.SPAM]),
    "rejected": ("Rejected", [State.APPROVED, State.SPAM]),
    "spam": ("Spam", [State.APPROVED, State.REJECTED]),
}


class ModeratorView(PermissionRequiredMixin, WagtailAdminTemplateMixin, TemplateView):
    """A page of the admin for those who may moderate comments."""

    permission_required = MODERATE
    raise_exception = True
    header_icon = "comment"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Lead back to the queue."""
        items = [*self.breadcrumbs_items, {"url": reverse("comments:queue"), "label": "Comments"}]
        if self.page_title != "Comments":
            items.append({"url": "", "label": self.page_title})
        return items

    @property
    def moderator(self) -> User:
        """Whoever presses the button: signed in, since the permission was asked for."""
        return cast(User, self.request.user)

    def back(self, **query: Any) -> HttpResponse:
        """Return to the list that the button stood in."""
        given = {name: self.request.POST.get(name, "") for name in ("show", "q", "p")}
        known = {name: value for name, value in (given | query).items() if value}
        return redirect(f"{reverse('comments:queue')}?{urlencode(known)}")


class QueueView(ModeratorView):
    """Comments by what was decided about them, each with its buttons."""

    page_title = "Comments"
    template_name = "blog_comments/admin/queue.html"

    def comments(self, show: str, words: str) -> CommentQuerySet:
        """Return the comments of one of the lists: what waits longest first, else the newest."""
        found: CommentQuerySet = getattr(Comment.objects, show, Comment.objects.none)()
        if show in (State.REJECTED, State.SPAM):
            found = Comment.objects.filter(state=show)
        order = ("created_at", "pk") if show in ("waiting", "reported") else ("-created_at", "-pk")
        related = found.select_related("page", "parent").prefetch_related("reports")
        return related.with_words(words).order_by(*order)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the list that `?show=` names, with what `?done=` can undo."""
        show = self.request.GET.get("show", "waiting")
        show = show if show in LISTS else "waiting"
        words = self.request.GET.get("q", "").replace("\x00", "")[:100]
        comments = self.comments(show, words)
        page: PageOfComments = Paginator(comments, COMMENTS_A_PAGE).get_page(
            self.request.GET.get("p")
        )
        counts = {"waiting": Comment.objects.waiting(), "reported": Comment.objects.reported()}
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "comments": page,
            "show": show,
            "q": words,
            "lists": [
                (name, label, counts[name].count() if name in counts else None)
                for name, (label, _) in LISTS.items()
            ],
            "actions": [
                (state, "Keep" if show == "reported" and state == State.APPROVED else label)
                for state in LISTS[show][1]
                for label in [ACTIONS[state]]
            ],
            "spam_stays": SPAM_STAYS.days,
            "done": self.done(),
        }

    def done(self) -> Decision | None:
        """Return the decision that was made a moment ago, if it can be undone."""
        pk = self.request.GET.get("done", "")
        if not PRIMARY_KEY.fullmatch(pk):
            return None
        return Decision.objects.filter(pk=pk, undone_at=None).first()


class DecideView(ModeratorView):
    """Takes the press of a button: one comment, or all that are ticked."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Decide, and offer to undo it."""
        one = request.POST.get("one", "")
        state, _, pk = one.partition(":")
        pks = [pk] if one else request.POST.getlist("comment")
        state = state or request.POST.get("all", "")
        numbers = [int(pk) for pk in pks if PRIMARY_KEY.fullmatch(pk)]
        if state == "mask":
            return self.mask(numbers)
        if state not in ACTIONS:
            return self.back()
        if not numbers:
            messages.warning(request, "Nothing is ticked.")
            return self.back()
        decision = services.decide(numbers, state, self.moderator)
        if decision is None:
            messages.info(request, "That was done already.")
            return self.back()
        return self.back(done=decision.pk)

    def mask(self, pks: list[int]) -> HttpResponse:
        """Cut out what looks confidential."""
        if sum(services.mask_comment(pk) for pk in pks):
            messages.success(self.request, "What looked confidential is masked.")
        return self.back()


class UndoView(ModeratorView):
    """Takes a decision back."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Undo it once."""
        if services.undo(pk):
            messages.success(request, "Undone: everything is as it was.")
        else:
            messages.info(request, "There is nothing left to undo.")
        return self.back()


class AnswerView(ModeratorView):
    """Answers a comment for the organisation."""

    page_title = "Reply"
    template_name = "blog_comments/admin/answer.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the comment and the form."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"comment": self.comment, "form": self.form}

    @cached_property
    def comment(self) -> Comment:
        """What is answered."""
        return get_object_or_404(Comment.objects.exclude(text=""), pk=self.kwargs["pk"])

    @cached_property
    def form(self) -> AnswerForm:
        """The form, with the name that a reply usually carries."""
        organisation = OrganisationSettings.for_request(self.request).organisation_name
        name = self.moderator.get_full_name() or organisation
        return AnswerForm(self.request.POST or None, initial={"name": name})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Publish the answer once, and approve what it answers."""
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data())
        answer = self.form.cleaned_data
        decision = services.answer(
            self.comment, answer["text"], self.moderator, answer["name"], answer["key"]
        )
        if decision is None:
            messages.info(request, "This reply was taken back. You find it under “Rejected”.")
            return self.back()
        return self.back(done=decision.pk)
