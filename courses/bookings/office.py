"""Where the office works with dates that people have booked, in the admin."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import log
from wagtail_modeladmin.views import EditView, InspectView

from base.models import User
from base.text import printable
from courses import services as places
from courses.models import CourseRun

from . import emails, services
from .models import Attendee, Booking
from .office_forms import ContactForm, RegisterForm

PERMISSION = "courses_bookings.view_attendee"
KEEP_REGISTER = "courses_bookings.change_attendee"
CHANGE = "courses_bookings.change_booking"
LONGEST_LINE = 500
TELL_THEM = "nobody is told: there is no e-mail address, so please tell them yourself"
SENT_ANEW = "Saved. The old link is worthless now: send the confirmation again for the new one."
MAX_KEY = 2**63 - 1


def line_of(request: HttpRequest) -> str:
    """Return what staff write to those who are told."""
    return printable(request.POST.get("line", "")).strip()[:LONGEST_LINE]


class DateEditView(EditView):
    """Saves a date. Where people booked it or wait, staff first see who will hear of a change."""

    def form_valid(self, form: ModelForm) -> HttpResponse:
        """Save, ask for a line to those who have to know, or say what cannot be changed."""
        try:
            return self._save(form)
        except services.RefusedError as refused:
            for field, message in refused.errors.items():
                form.add_error(field, message)
            return self.form_invalid(form)

    @transaction.atomic
    def _save(self, form: ModelForm) -> HttpResponse:
        run: CourseRun = form.instance
        before = places.lock(run.pk)[run.pk]
        services.refuse_another_course(before, run)
        is_moved = services.is_moved(before, run) and not before.cancelled_at
        told = services.concerned_by(before) if is_moved else None
        if told and "line" not in self.request.POST:
            return self._ask(before, run, told)
        services.save_date(run, line_of(self.request), user=self.request.user)
        log(run, "wagtail.edit", content_changed=form.has_changed())
        message = self.get_success_message(run)
        if told:
            message = f"{message} Told: {told}."
        messages.success(self.request, message, buttons=self.get_success_message_buttons(run))
        return redirect(self.get_success_url())

    def _ask(self, before: CourseRun, run: CourseRun, told: services.Concerned) -> HttpResponse:
        typed = [
            (name, value)
            for name, values in self.request.POST.lists()
            if name != "csrfmiddlewaretoken"
            for value in values
        ]
        context = self.get_context_data(before=before, run=run, told=told, typed=typed)
        return TemplateResponse(self.request, "courses_bookings/admin/tell.html", context)


class BookingView(InspectView):
    """Everything about a booking, and what the office does with it."""

    page_title = "Booking"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the people, the dates they could move to, and what happened."""
        booking: Booking = self.instance
        course = booking.people[0].run.course_id if booking.people else None
        dates = CourseRun.objects.upcoming().filter(course=course).with_places()
        if len(booking.runs) == 1:
            dates = dates.exclude(pk=booking.runs[0].pk)
        return super().get_context_data(**kwargs) | {
            "booking": booking,
            "link": emails.booking_path(booking),
            "dates": dates.select_related("course", "venue"),
            "events": booking.events.select_related("user"),
            "may_change": self.request.user.has_perm(CHANGE),
            "contact": kwargs.get("contact") or ContactForm(booking=booking),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do what the button says; sent twice, it is done once."""
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        if request.POST.get("do") == "contact":
            return self._correct(request)
        try:
            done = self._do(request.POST, cast(User, request.user))
        except services.RefusedError as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, done)
        return redirect(request.path)

    def _do(self, typed: QueryDict, user: User) -> str:
        """Do it, and say what was done. Raises RefusedError."""
        pk = self.instance.pk
        people = {int(key) for key in typed.getlist("person") if key.isdecimal()}
        told = "whoever booked is told" if self.instance.email else TELL_THEM
        match typed.get("do"):
            case "notes":
                services.keep_notes(pk, printable(typed.get("notes", "")).strip(), user=user)
                return "The notes are saved."
            case "resend":
                services.resend(pk, _number(typed.get("sequence")), user=user)
                return "The confirmation is on its way again."
            case "renew":
                services.renew_link(pk, known=_key(typed.get("known")), user=user)
                return "The old link is worthless now. Send the confirmation for the new one."
            case "cancel" if people:
                services.cancel(pk, people, user=user)
                return f"The places are given back, and {told}."
            case "move" if people:
                services.move(pk, people, _number(typed.get("date")), user=user)
                return f"Moved, and {told}."
        raise services.RefusedError({None: "Please tick the people first."})

    def _correct(self, request: HttpRequest) -> HttpResponse:
        contact = ContactForm(request.POST, booking=self.instance)
        if not contact.is_valid():
            return self.render_to_response(self.get_context_data(contact=contact))
        services.correct(self.instance.pk, contact.corrections, user=cast(User, request.user))
        messages.success(request, SENT_ANEW if contact.corrections.get("email") else "Saved.")
        return redirect(request.path)


def _number(text: str | None) -> int:
    return int(text[:18]) if text and text.isascii() and text.isdecimal() else 0


def _key(text: str | None) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except (TypeError, ValueError, AttributeError):
        return uuid.UUID(int=0)


class OfficeView(PermissionRequiredMixin, WagtailAdminTemplateMixin, TemplateView):
    """A page of the admin about one date, for those who look after bookings."""

    permission_required: str | tuple[str, ...] = PERMISSION
    raise_exception = True
    header_icon = "date"

    @cached_property
    def run(self) -> CourseRun:
        """The date."""
        runs = CourseRun.objects.with_places().select_related("course", "venue")
        return get_object_or_404(runs, pk=min(self.kwargs["pk"], MAX_KEY))

    @property
    def member(self) -> User:
        """Whoever presses the button: signed in, since the permission was asked for."""
        return cast(User, self.request.user)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Lead back to the dates."""
        dates = {"url": reverse("dates_modeladmin_index"), "label": "Dates"}
        return [*self.breadcrumbs_items, dates, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the date."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"run": self.run}


class CancelDateView(OfficeView):
    """Calls a date off, once staff have seen who will be told."""

    page_title = "Cancel this date"
    template_name = "courses_bookings/admin/cancel_date.html"
    permission_required = (PERMISSION, "courses.change_courserun")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add who will be told."""
        return super().get_context_data(**kwargs) | {"told": services.concerned_by(self.run)}

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Cancel, once however often it is sent."""
        if services.cancel_date(self.run.pk, line_of(request), user=self.member):
            messages.success(
                request, f"Cancelled: {self.run}. Everybody who booked or waits is told."
            )
        return redirect("dates_modeladmin_index")


class RegisterView(OfficeView):
    """Who comes to a date: to print, or to tick on a phone."""

    page_title = "Register"
    template_name = "courses_bookings/admin/register.html"

    @cached_property
    def people(self) -> list[Attendee]:
        """Everybody with a place, by name."""
        return list(Attendee.objects.on(self.run))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the people by name, and what happened to the date."""
        people = self.people
        marks = [person.attendance for person in people]
        table = reverse("attendees_modeladmin_index")
        return super().get_context_data(**kwargs) | {
            "people": people,
            "form": RegisterForm(people=people),
            "may_mark": self.member.has_perm(KEEP_REGISTER),
            "present": marks.count(Attendee.Attendance.PRESENT),
            "absent": marks.count(Attendee.Attendance.ABSENT),
            "is_over": self.run.end <= timezone.now(),
            "without_certificate": services.without_certificate(self.run.pk),
            "table": f"{table}?date={self.run.pk}&export=xlsx",
            "events": self.run.events.select_related("user", "booking")[:50],
        }

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep what was changed of who came, or send the certificates."""
        if not self.member.has_perm(KEEP_REGISTER):
            raise PermissionDenied
        if "certificates" in request.POST:
            count = services.send_certificates(self.run.pk, user=self.member)
            messages.success(request, f"Certificates sent: {count}.")
            return redirect(request.path)
        marks = RegisterForm(request.POST, people=self.people).marks
        services.mark_attendance(self.run.pk, marks, user=self.member)
        messages.success(request, "The register is saved.")
        return redirect(request.path)
