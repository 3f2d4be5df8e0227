"""What the admin shows and does that is this site's own."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.workflow import WorkflowAction
from wagtail.admin.views.pages.workflow import WorkflowPageViewMixin

from . import personal_data
from .publishing import faults_of

APPROVE = "approve"


class FinishedWorkflowAction(WorkflowPageViewMixin, WorkflowAction):
    """What a moderator decides about a page. What is not finished is not approved."""

    submit_url_name = "wagtailadmin_pages:workflow_action"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Approve or refuse; where the page is not finished, say what is missing, in the editor."""
        draft = self.object.get_latest_revision_as_object()
        faults = faults_of(draft) if self.action_name == APPROVE else []
        if not faults:
            response: HttpResponse = super().post(request, *args, **kwargs)
            return response
        title = draft.get_admin_display_title()
        messages.error(
            request, f"“{title}” is not finished, so it was not approved. {' '.join(faults)}"
        )
        editor = reverse("wagtailadmin_pages:edit", args=[draft.pk])
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            # How Wagtail's own script in the page is told where to go.
            answer: HttpResponse = self.render_modal_json(
                request, {"step": "success", "redirect": editor}
            )
            return answer
        return redirect(editor)


class PersonForm(forms.Form):
    """Whose data are asked for."""

    email = forms.EmailField(label="E-mail address")


class PersonalDataView(PermissionRequiredMixin, WagtailAdminTemplateMixin, TemplateView):
    """Everything that is kept about one person: to hand over, or to erase."""

    permission_required = personal_data.PERMISSION
    raise_exception = True
    header_icon = "user"
    page_title = "Personal data"
    template_name = "base/admin/personal_data.html"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Stand alone."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what is kept about the address that `?email=` names."""
        form = PersonForm(self.request.GET or None)
        email = form.cleaned_data["email"] if form.is_bound and form.is_valid() else ""
        found = personal_data.look_up(email) if email else []
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "form": form,
            "email": email,
            "found": [(each, [in_words(row) for row in each.rows]) for each in found],
            "stays": [reason for each in found for reason in each.stays],
            "kinds": [record.label for record in personal_data.records()],
        }

    def post(self, request: HttpRequest) -> HttpResponse:
        """Hand everything over as a file, or erase it; sent twice, it is erased once."""
        form = PersonForm(request.POST)
        if not form.is_valid():
            return redirect("personal_data")
        email = form.cleaned_data["email"]
        if "export" in request.POST:
            rows = personal_data.export(email)
            text = json.dumps(rows, indent=2, ensure_ascii=False, cls=DjangoJSONEncoder)
            response = HttpResponse(text, content_type="application/json")
            response["Content-Disposition"] = content_disposition_header(True, "personal-data.json")
            return response
        if "erase" not in request.POST:
            messages.warning(request, "Nothing was erased: please tick that you are sure.")
        else:
            erased = personal_data.erase(email)
            count = [f"{label.lower()} {number}" for label, number in erased.items() if number]
            messages.success(request, f"Erased: {', '.join(count) or 'nothing was there'}.")
        return redirect(f"{reverse('personal_data')}?{urlencode({'email': email})}")


def in_words(row: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the names and the values of a record as people read them, without the empty ones."""
    pairs = ((name.replace("_", " ").capitalize(), _said(value)) for name, value in row.items())
    return [(name, value) for name, value in pairs if value]


def _said(value: Any) -> str:
    match value:
        case None | "" | False:
            return ""
        case True:
            return "yes"
        case dt.datetime():
            return f"{timezone.localtime(value):%-d %B %Y, %H:%M}"
        case list():
            return "\n".join(filter(None, map(_said, value)))
        case dict():
            return ", ".join(f"{name}: {said}" for name, said in in_words(value))
        case _:
            return str(value)
