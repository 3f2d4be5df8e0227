"""Where staff answer enquiries, in the admin."""

from __future__ import annotations

import json
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail_modeladmin.views import InspectView

from base.lists import GuardedIndexView
from base.models import User

from . import services
from .forms import CHANGE, ManageForm, PersonForm
from .models import Enquiry, Status


class EnquiryIndexView(GuardedIndexView):
    """Lists enquiries by how far they have come and who deals with them."""

    CHOICES = ("status", "owner")


class EnquiryView(InspectView):
    """Shows one enquiry with its history, and takes what staff say about it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the form and what happened so far."""
        form = kwargs.pop("form", None) or ManageForm(enquiry=self.instance)
        context: dict[str, Any] = super().get_context_data(**kwargs)
        events = self.instance.events.select_related("user").order_by("-at", "-pk")
        subject = f"Your enquiry {self.instance.reference}"
        return context | {
            "enquiry": self.instance,
            "form": form,
            "events": events,
            "reply_subject": subject,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep what was changed, and nothing else."""
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        form = ManageForm(request.POST, enquiry=self.instance)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        user, said = cast(User, request.user), form.cleaned_data
        if "status" in form.changed_data:
            services.set_status(self.instance.pk, Status(said["status"]), user)
        if "owner" in form.changed_data:
            services.set_owner(self.instance.pk, said["owner"], user)
        if said["note"]:
            services.add_note(self.instance.pk, said["note"], user)
        messages.success(request, f"{self.instance.reference} is saved.")
        return redirect(self.url_helper.get_action_url("inspect", self.instance.pk))


class PersonView(PermissionRequiredMixin, WagtailAdminTemplateMixin, TemplateView):
    """Every enquiry that one person sent: to hand over, or to erase."""

    permission_required = "courses_enquiries.delete_enquiry"
    raise_exception = True
    header_icon = "mail"
    page_title = "One person's enquiries"
    template_name = "courses_enquiries/admin/person.html"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Lead back to the list."""
        url = reverse("enquiries_modeladmin_index")
        return [
            *self.breadcrumbs_items,
            {"url": url, "label": "Enquiries"},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what belongs to the address that `?email=` names."""
        form = PersonForm(self.request.GET or None)
        email = form.cleaned_data["email"] if form.is_bound and form.is_valid() else ""
        found = Enquiry.objects.by(email) if email else ()
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"form": form, "email": email, "enquiries": found}

    def post(self, request: HttpRequest) -> HttpResponse:
        """Hand the enquiries over as a file, or erase them."""
        form = PersonForm(request.POST)
        if not form.is_valid():
            return redirect("enquiries_of")
        email = form.cleaned_data["email"]
        if "export" in request.POST:
            text = json.dumps(services.export(email), indent=2, ensure_ascii=False)
            response = HttpResponse(text, content_type="application/json")
            response["Content-Disposition"] = content_disposition_header(True, "enquiries.json")
            return response
        if "erase" not in request.POST:
            messages.warning(request, "Nothing was erased: please tick that you are sure.")
            return redirect(f"{reverse('enquiries_of')}?{urlencode({'email': email})}")
        count = services.erase(email)
        messages.success(request, f"{count} enquir{'y' if count == 1 else 'ies'} erased.")
        return redirect("enquiries_of")
