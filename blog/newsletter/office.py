"""Where staff look at an issue, try it, send it, and see how it fares."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminDateTimeInput
from wagtail.models import Page

from base.models import User

from . import services
from .checks import Level, check
from .editions import EDITIONS, Edition, Letter, at_night, render_letter
from .links import check_links
from .models import NewsletterIssuePage, Sending, SentEdition
from .reports import report_on
from .tasks import send_trial

SEND = "blog_newsletter.add_sending"
NOW, LATER = "now", "later"
LATEST = dt.timedelta(days=366)


class SendForm(forms.Form):
    """To whom an issue goes, and when."""

    audience = forms.ChoiceField(
        label="To whom",
        choices=Sending.Audience.choices,
        initial=Sending.Audience.EVERYBODY,
        widget=forms.RadioSelect,
        help_text="Each gets the parts that they asked for, in Easy Read if they asked for it.",
    )
    when = forms.ChoiceField(
        label="When",
        choices=[(NOW, "Now"), (LATER, "At a time that I choose")],
        initial=NOW,
        widget=forms.RadioSelect,
    )
    send_at = forms.DateTimeField(
        label="Day and time",
        required=False,
        widget=AdminDateTimeInput,
        input_formats=[settings.WAGTAIL_DATETIME_FORMAT],
        help_text="As 24/12/2026 09:30, by the clock in your account.",
    )

    def __init__(self, data: Any = None, *, issue: NewsletterIssuePage) -> None:
        super().__init__(data)
        self.issue = issue
        self.fields["audience"].choices = [  # type: ignore[attr-defined]
            (value, f"{label}: {people(services.readers_of(issue, value).count())}")
            for value, label in Sending.Audience.choices
        ]

    def clean(self) -> dict[str, Any]:
        """Want a time to come where a time was chosen, and somebody to send to."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("when") == NOW:
            cleaned["send_at"] = None
        elif "send_at" not in self.errors:
            self._check_time(cleaned.get("send_at"))
        audience = cleaned.get("audience")
        if audience and not services.readers_of(self.issue, audience).exists():
            self.add_error("audience", "Nobody gets it: choose others, or wait for subscribers.")
        return cleaned

    def _check_time(self, send_at: dt.datetime | None) -> None:
        now = timezone.now()
        if send_at is None:
            self.add_error("send_at", "Please choose a day and a time, or “Now”.")
        elif send_at <= now:
            self.add_error("send_at", "This time is over. Please choose a later one, or “Now”.")
        elif send_at > now + LATEST:
            self.add_error("send_at", "This is more than a year away.")


def people(count: int) -> str:
    """Return a number of people in words."""
    return f"{count:,} {'person' if count == 1 else 'people'}"


def refuse_while_it_goes_out(request: HttpRequest, pages: Iterable[Page]) -> HttpResponse | None:
    """Explain why an issue stays, before anything is done."""
    for page in pages:
        issues = NewsletterIssuePage.objects.descendant_of(page, inclusive=True)
        going_out = Sending.objects.filter(issue__in=issues, finished_at=None).first()
        if going_out:
            messages.error(
                request,
                f"“{going_out.issue}” is being sent, or will be. Its mails lead to the page: "
                "wait until all are out, or call it off under “Check and send”.",
            )
            return redirect("newsletter_office:send", pk=going_out.issue_id)
    return None


class IssueView(WagtailAdminTemplateMixin, View):
    """Everything between writing an issue and the report on it."""

    template_name = "blog_newsletter/admin/issue.html"
    header_icon = "mail"
    _show_breadcrumbs = True

    @cached_property
    def page(self) -> NewsletterIssuePage:
        """The issue as readers can see it."""
        page = get_object_or_404(NewsletterIssuePage, pk=self.kwargs["pk"])
        if not page.permissions_for_user(self.request.user).can_edit():
            raise PermissionDenied
        return page

    @cached_property
    def draft(self) -> NewsletterIssuePage:
        """The issue as it was last saved."""
        draft: NewsletterIssuePage = self.page.get_latest_revision_as_object()
        return draft

    @property
    def may_send(self) -> bool:
        """Whether whoever looks may send it, and stop that."""
        permissions = self.page.permissions_for_user(self.request.user)
        return bool(self.request.user.has_perm(SEND) and permissions.can_publish())

    @property
    def sending(self) -> Sending | None:
        """How it is sent; none before, and none where that was called off before the first mail."""
        found = Sending.objects.filter(issue=self.page).select_related("started_by").first()
        was_called_off = found and found.state == Sending.State.CANCELLED and not found.begun_at
        return None if was_called_off else found

    def get_page_title(self) -> str:
        """Return what is done here."""
        return f"Check and send: {self.draft.title}"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Stand below the editor."""
        edit = reverse("wagtailadmin_pages:edit", args=[self.page.pk])
        return [
            *self.breadcrumbs_items,
            {"url": reverse("newsletters:index"), "label": "Newsletters"},
            {"url": edit, "label": self.draft.title},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what is to be looked at, and where it stands."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        sending = self.sending
        return context | {
            "issue": self.draft,
            "sending": sending,
            "report": report_on(sending) if sending else None,
            "may_send": self.may_send,
            "may_change": self.may_send and sending and sending.finished_at is None,
            "editions": EDITIONS,
        }


class SendView(IssueView):
    """The check list, a look at the mail, a trial, and the button; later the progress."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show where the issue stands. With `?links`, its links are tried, too."""
        return self.show(SendForm(issue=self.page))

    def show(self, form: SendForm) -> HttpResponse:
        """Show the check list above the form, unless the issue goes out already."""
        if self.sending:
            return self.render_to_response(self.get_context_data())
        checks = check(self.draft)
        if "links" in self.request.GET:
            checks.append(check_links(self.draft))
        concerns = [one for one in checks if one.level != Level.OK]
        fine = [one for one in checks if one.level == Level.OK]
        context = self.get_context_data(form=form, concerns=concerns, fine=fine)
        return self.render_to_response(context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do what a button says; twice is once."""
        match request.POST.get("do"):
            case "trial":
                return self.send_trial()
            case "ask" | "send" as step:
                return self.send(is_sure=step == "send")
            case "pause" | "resume" | "cancel" as step:
                return self.change(step)
        return redirect("newsletter_office:send", pk=pk)

    def send_trial(self) -> HttpResponse:
        """Send the draft to whoever asks."""
        user = cast(User, self.request.user)
        if user.email:
            send_trial.enqueue(self.page.pk, user.email)
            messages.success(self.request, f"It is on its way to {user.email}.")
        else:
            messages.error(self.request, "Your account has no e-mail address: add one first.")
        return redirect("newsletter_office:send", pk=self.page.pk)

    def send(self, *, is_sure: bool) -> HttpResponse:
        """Ask whether staff are sure, then let it go out."""
        if not self.may_send:
            raise PermissionDenied
        form = SendForm(self.request.POST, issue=self.page)
        if self.sending is None and not (self.page.live and form.is_valid()):
            return self.show(form)
        if self.sending is None and not is_sure:
            audience = form.cleaned_data["audience"]
            count = services.readers_of(self.page, audience).count()
            # What goes out is what readers can see, whatever was written since.
            context = self.get_context_data(form=form, people=people(count)) | {"issue": self.page}
            return render(self.request, "blog_newsletter/admin/confirm_sending.html", context)
        if self.sending is None:
            decided = form.cleaned_data
            user = cast(User, self.request.user)
            services.schedule(self.page, decided["audience"], decided["send_at"], user)
        return redirect("newsletter_office:send", pk=self.page.pk)

    def change(self, step: str) -> HttpResponse:
        """Pause, go on or call off."""
        if not self.may_send:
            raise PermissionDenied
        if self.sending:
            ways = {"pause": services.pause, "resume": services.resume, "cancel": services.cancel}
            ways[step](self.sending)
        return redirect("newsletter_office:send", pk=self.page.pk)


class ProgressView(IssueView):
    """The part of the page that changes while an issue is sent."""

    template_name = "blog_newsletter/admin/progress.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show how far it is."""
        return render(request, self.template_name, self.get_context_data())


class LetterView(IssueView):
    """The mail by itself, for a frame: `edition` by its key, `dark`, or as `text`.

    Once it goes out, that is what goes out; before, the draft.
    """

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the draft as one edition."""
        letter = self.letter(EDITIONS.get(request.GET.get("edition", ""), Edition()))
        if "text" in request.GET:
            return render(request, "blog_newsletter/mail_as_text.html", letter._asdict())
        return HttpResponse(at_night(letter.html) if "dark" in request.GET else letter.html)

    def letter(self, edition: Edition) -> Letter:
        """Return one edition of the mail."""
        sent = SentEdition.objects.filter(sending__issue=self.page, key=edition.key).first()
        if sent and self.sending:
            return Letter(self.sending.subject, sent.html, sent.text)
        return render_letter(self.draft, edition)
