"""Where staff look after the list of subscribers, in the admin."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib.admin import SimpleListFilter
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail_modeladmin.views import InspectView

from base.lists import GuardedIndexView
from base.models import User

from . import lists, services
from .models import WISHES, Subscriber

CHANGE = "blog_newsletter.change_subscriber"
ADD = "blog_newsletter.add_subscriber"
MOST_BYTES = 5 * 1024 * 1024


class StateFilter(SimpleListFilter):
    """Whether mails go to subscribers."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer every state."""
        return [(state.value, str(state.label)) for state in Subscriber.State]

    def queryset(self, request: HttpRequest, subscribers: QuerySet) -> QuerySet:
        """Leave out the others."""
        known = self.value() in Subscriber.State
        return subscribers.filter(state=self.value()) if known else subscribers


class WishFilter(SimpleListFilter):
    """What subscribers would like to get."""

    title = "what they get"
    parameter_name = "wants"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer every wish."""
        return [(name, f"{label[0].upper()}{label[1:]}") for name, label in WISHES.items()]

    def queryset(self, request: HttpRequest, subscribers: QuerySet) -> QuerySet:
        """Leave out who does not want it."""
        wish = self.value()
        return subscribers.filter(**{wish: True}) if wish in WISHES else subscribers


class SubscriberIndexView(GuardedIndexView):
    """Lists subscribers by whether and what they get."""

    CHOICES = ("state", "wants")


class SubscriberView(InspectView):
    """Shows one subscriber with the evidence of their consent, and takes them off the list."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what they agreed to."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        consents = self.instance.consents.select_related("imported_by")
        return context | {"subscriber": self.instance, "consents": consents}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take somebody off the list who asked the office for it."""
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        services.leave(self.instance)
        messages.success(request, f"{self.instance.email} gets no more newsletters.")
        return redirect(self.url_helper.get_action_url("inspect", self.instance.pk))


class ListForm(forms.Form):
    """A table of people who agreed elsewhere."""

    file = forms.FileField(
        label="Table",
        help_text="A spreadsheet saved as CSV. Each line says when, where and to which words "
        "somebody agreed, and how you know.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    is_sure = forms.BooleanField(
        label="Everybody on this list agreed to get our newsletter by e-mail",
        help_text="Customers who never asked for it must not be on it: for a company, the law "
        "(PECR, regulation 22) wants their yes first.",
        error_messages={"required": "Please tick this, or leave the list alone."},
    )

    def clean_file(self) -> UploadedFile:
        """Refuse what is too large."""
        upload: UploadedFile = self.cleaned_data["file"]
        if (upload.size or 0) > MOST_BYTES:
            size = filesizeformat(MOST_BYTES)
            raise forms.ValidationError(f"This file is larger than {size}. Please split it.")
        return upload


class ImportView(PermissionRequiredMixin, WagtailAdminTemplateMixin, View):
    """Takes a list with the proof of consent of everybody on it; all of it, or nothing."""

    permission_required = ADD
    raise_exception = True
    template_name = "blog_newsletter/admin/import.html"
    page_title = "Import subscribers"
    header_icon = "upload"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Stand below the list."""
        subscribers = reverse("subscribers_modeladmin_index")
        return [
            *self.breadcrumbs_items,
            {"url": subscribers, "label": "Subscribers"},
            {"url": "", "label": self.page_title},
        ]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form, or with `?example` a table to fill in."""
        if "example" in request.GET:
            response = HttpResponse(lists.example(), content_type="text/csv; charset=utf-8")
            name = content_disposition_header(True, "newsletter-subscribers.csv")
            response["Content-Disposition"] = name
            return response
        return self.render_to_response(self.get_context_data(form=ListForm()))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Import the list if every line is right. Sent twice, it adds everybody once."""
        form = ListForm(request.POST, request.FILES)
        problems: list[str] = []
        if form.is_valid():
            listing = lists.read(form.cleaned_data["file"].read())
            problems = listing.problems
            if not problems:
                outcome = services.import_rows(listing.rows, cast(User, request.user))
                messages.success(request, in_words(outcome))
                return redirect("subscribers_modeladmin_index")
        return self.render_to_response(self.get_context_data(form=form, problems=problems))


def in_words(outcome: services.Outcome) -> str:
    """Return what became of a list, as one sentence."""
    words = [f"Added {outcome.added:,}."]
    if outcome.known:
        words.append(f"Known already, and left as they are: {outcome.known:,}.")
    if outcome.suppressed:
        words.append(f"Left out, as they asked not to be written to: {outcome.suppressed:,}.")
    return " ".join(words)
