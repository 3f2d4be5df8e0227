"""Where staff answer enquiries, in the admin."""

from __future__ import annotations

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail_modeladmin.views import InspectView

from base.lists import GuardedIndexView
from base.models import User

from . import services
from .forms import CHANGE, ManageForm
from .models import Status


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
