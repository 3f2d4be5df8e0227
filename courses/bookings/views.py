from __future__ import annotations

import uuid
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import wraps
from http import HTTPStatus
from typing import Any, cast

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from base.keys import read_link, sign_link
from base.models import OrganisationSettings, User
from base.network import network_hash
from base.newsletter import newsletter_for
from courses.models import CoursePage, CourseRun

from . import certificates, emails, services, tokens
from .deadlines import can_change, change_deadline
from .forms import AttendeeForm, ConsentForm, MoveForm, OrderForm, PickForm, WaitingForm
from .invitations import calendar_file
from .models import MAX_PEOPLE, Attendee, Booking, WaitingListEntry
from .office_forms import OrderByHandForm

MAX_KEY = 2**63 - 1
TOO_OLD = "This form was open for more than a day. Your words are still here: please go on."

CHANGES = {"move": "courses_bookings/move.html", "cancel": "courses_bookings/cancel.html"}

View = Callable[..., HttpResponse]


def private(view: View) -> View:
    """A page about one person: kept by no cache, found by no robot.

    Its address is its key, and is named to nobody else.
    """

    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "same-origin"
        return response

    return answer


def _run(pk: int) -> CourseRun:
    runs = CourseRun.objects.visible().with_places().select_related("course", "venue")
    return get_object_or_404(runs, pk=min(pk, MAX_KEY))


def _number(text: str | None) -> int:
    """Return a number of people from one to the most; what is no number is one."""
    digits = text if text and text.isascii() and text.isdecimal() else "1"
    return min(max(int(digits[:3]), 1), MAX_PEOPLE)


# Booking


@private
def book(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask who comes and who books, show it once more with the price, and book.

    `?people=3` asks about three people at once.
    """
    return _book(request, _run(pk))


@private
def take_offer(request: HttpRequest, token: str) -> HttpResponse:
    """Book the place that is held for somebody on the waiting list."""
    entry = _entry(token)
    if entry.booking:
        return redirect(emails.booking_path(entry.booking))
    if request.method != "POST" and not entry.has_offer():
        return redirect("courses_bookings:waiting", token)
    return _book(request, entry.run, entry)


@private
def book_for_somebody(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the office book for somebody who telephones, also while booking is closed to others."""
    if not request.user.has_perm("courses_bookings.add_booking"):
        raise Http404
    return _book(request, _run(pk), user=cast(User, request.user))


def _book(
    request: HttpRequest,
    run: CourseRun,
    entry: WaitingListEntry | None = None,
    *,
    user: User | None = None,
) -> HttpResponse:
    settings = services.settings_of(run.course)
    context: dict[str, Any] = {
        "run": run,
        "course": run.course,
        "entry": entry,
        "for_others": bool(user),
        "booking_settings": settings,
    }
    order_form = OrderByHandForm if user else OrderForm
    newsletter = None if user else newsletter_for(request)
    about: dict[str, Any] = {
        "settings": settings,
        "course": run.course if user else None,
        "newsletter": newsletter,
    }
    if request.method != "POST":
        booker = entry and {name: getattr(entry, name) for name in ("name", "email", "telephone")}
        count = 1 if entry else _number(request.GET.get("people"))
        form = order_form(booker=booker, people=[{}] * count, **about)
        return _render_form(request, context, form, tokens.sign_form(run.pk))
    token = request.POST.get("token", "")
    key = entry.key if entry else tokens.read_form(token, run.pk)
    step = request.POST.get("step", "check")
    if step in ("add", "edit") or step.startswith("remove-"):
        form = order_form.unchecked(request.POST, _people(request.POST, step), **about)
        return _render_form(request, context, form, token)
    form = order_form(request.POST, is_last=step == "book", **about)
    if form.booker.is_from_robot:
        return redirect(run.course.get_url(request))
    if not form.is_valid():
        return _render_form(request, context, form, token)
    if key is None:
        form.refuse({None: TOO_OLD})
        return _render_form(request, context, form, tokens.sign_form(run.pk))
    try:
        if step == "book" and not form.lacks_terms:
            order = form.order(seen_total=_amount(request.POST.get("total", "")))
            network = "" if user else network_hash(request)
            booking = services.book(run.pk, order, key, entry=entry, user=user, network=network)
            if user:
                return redirect("bookings_modeladmin_inspect", booking.pk)
            if newsletter and form.wants_newsletter:
                form_path = reverse("courses_bookings:book", args=[run.pk])
                newsletter.ask(request, order.email, order.name, form_path)
            return redirect(f"{emails.booking_path(booking)}?new=1")
        order = form.order()
        price, discount = order.quote(run, timezone.now(), user=user)
    except services.RefusedError as refused:
        form.refuse(refused.errors)
        token = tokens.sign_form(run.pk) if refused.renews_form else token
        run.__dict__.pop("taken", None)
        return _render_form(request, context, form, token)
    context |= {"order": order, "price": price, "discount": discount}
    return render(request, "courses_bookings/check.html", context | {"form": form, "token": token})


def _render_form(
    request: HttpRequest, context: dict[str, Any], form: OrderForm, token: str
) -> HttpResponse:
    context |= {"form": form, "token": token, "most": MAX_PEOPLE}
    return render(request, "courses_bookings/book.html", context)


def _people(typed: QueryDict, step: str) -> list[dict[str, str]]:
    """Return the people typed so far, with one more or without one, as the button says."""
    people = OrderForm.typed_people(typed, _number(typed.get(f"{OrderForm.PEOPLE}-TOTAL_FORMS")))
    if step == "add" and len(people) < MAX_PEOPLE:
        people.append({})
    if step.startswith("remove-") and len(people) > 1:
        del people[min(_number(step.removeprefix("remove-")), len(people)) - 1]
    return people


def _amount(text: str) -> Decimal | None:
    """Return a sum of pounds; none from what is no number, such as "x", "NaN" or "Infinity"."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


# The waiting list


@private
def wait(request: HttpRequest, pk: int) -> HttpResponse:
    """Put somebody on a full date's waiting list."""
    run = _run(pk)
    form = WaitingForm(request.POST or None)
    token = request.POST.get("token", "") or tokens.sign_form(run.pk)
    if request.method == "POST" and form.is_valid():
        key = tokens.read_form(token, run.pk)
        if form.is_from_robot:
            return redirect(run.course.get_url(request))
        if key is None:
            form.add_error(None, TOO_OLD)
            token = tokens.sign_form(run.pk)
        else:
            waiter = services.Waiter(
                **{name: form.cleaned_data[name] for name in ("name", "email", "telephone")}
            )
            try:
                services.join(run.pk, waiter, key, network=network_hash(request))
            except services.RefusedError as refused:
                for field, message in refused.errors.items():
                    form.add_error(field, message)
                token = tokens.sign_form(run.pk) if refused.renews_form else token
            else:
                return redirect("courses_bookings:joined", run.pk)
    context = {
        "run": run,
        "form": form,
        "token": token,
        "course": run.course,
        "booking_settings": services.settings_of(run.course),
    }
    return render(request, "courses_bookings/wait.html", context)


@private
def joined(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the mail tells the rest. The same for whoever joined, now or before, and for all."""
    run = _run(pk)
    return render(request, "courses_bookings/joined.html", {"run": run, "course": run.course})


def _entry(token: str) -> WaitingListEntry:
    key = read_link(token, tokens.WAITING_SALT)
    entries = WaitingListEntry.objects.select_related("run__course", "run__venue", "booking")
    entry = entries.filter(link_key=key).first() if key else None
    if entry is None:
        raise Http404
    return entry


@private
def waiting(request: HttpRequest, token: str) -> HttpResponse:
    """Show where somebody stands in line; a POST takes them off the list."""
    entry = _entry(token)
    if request.method == "POST":
        services.leave(entry.pk)
        entry = _entry(token)
    ahead = WaitingListEntry.objects.without_offer().filter(
        run=entry.run, joined_at__lt=entry.joined_at
    )
    context = {
        "entry": entry,
        "run": entry.run,
        "course": entry.run.course,
        "has_offer": entry.has_offer(),
        "position": ahead.count() + 1,
        "token": token,
    }
    return render(request, "courses_bookings/waiting.html", context)


# A booking, by its link


def _booking(token: str) -> Booking:
    """Return the booking that a link opens. A wrong link and an old one look the same."""
    key = read_link(token, tokens.BOOKING_SALT)
    booking = Booking.objects.with_people().filter(link_key=key).first() if key else None
    if booking is None:
        raise Http404
    return booking


def _changeable(booking: Booking) -> list[Attendee]:
    now = timezone.now()
    settings = services.settings_of(booking.people[0].run.course)
    return [p for p in booking.coming if can_change(booking, p.run, settings, now)]


def _context(booking: Booking, token: str, **more: Any) -> dict[str, Any]:
    changeable = _changeable(booking)
    return {
        "booking": booking,
        "course": booking.people[0].run.course,
        "token": token,
        "changeable": changeable,
        "changeable_runs": [person.run for person in changeable],
        "deadlines": [
            (run, change_deadline(booking, run, services.settings_of(run.course)))
            for run in booking.runs
        ],
    } | more


@private
def booking(request: HttpRequest, token: str) -> HttpResponse:
    """Show a booking. Looking at it changes nothing."""
    own = _booking(token)
    context = _context(own, token, is_new="new" in request.GET, done=request.GET.get("done", ""))
    return render(request, "courses_bookings/booking.html", context)


@private
def names(request: HttpRequest, token: str) -> HttpResponse:
    """Change who comes and what they need."""
    own = _booking(token)
    people = [person for person in own.coming if person.run.start > timezone.now()]
    data = request.POST if request.method == "POST" else None
    person_forms = [AttendeeForm(data, attendee=person) for person in people]
    settings = services.settings_of(own.people[0].run.course)
    consent = ConsentForm(data, settings=settings)
    are_valid = [form.is_valid() for form in (*person_forms, consent)]
    if data is not None and all(are_valid):
        changes = {form.attendee.pk: form.person for form in person_forms}
        try:
            services.rename(own.pk, changes, consent=consent.given)
        except services.RefusedError as refused:
            for field, message in refused.errors.items():
                (consent if field else person_forms[0]).add_error(field, message)
        else:
            return redirect(f"{emails.booking_path(own)}?done=names")
    context = _context(own, token, forms=person_forms, consent=consent)
    return render(request, "courses_bookings/names.html", context)


@private
def move(request: HttpRequest, token: str) -> HttpResponse:
    """Move people to another date of the course."""
    own = _booking(token)
    people = _changeable(own)
    course = own.people[0].run.course
    runs = _other_dates(course, own)
    form = MoveForm(request.POST or None, people=people, runs=runs)
    if request.method == "POST" and form.is_valid():
        picked, date = form.picked, int(form.cleaned_data["date"])
        return _do(request, own, form, "move", lambda: services.move(own.pk, picked, date))
    return _render_change(request, own, token, "move", form, has_dates=bool(runs))


def _other_dates(course: CoursePage, own: Booking) -> list[CourseRun]:
    """Return the dates with places, of which a booking on a single date has not this one."""
    runs = CourseRun.objects.visible().filter(course=course).upcoming().for_leaves()
    taken = {run.pk for run in own.runs}
    only = taken if len(taken) == 1 else set()
    return [run for run in runs if run.state.takes_bookings and run.pk not in only]


@private
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Give places back."""
    own = _booking(token)
    form = PickForm(request.POST or None, people=_changeable(own))
    rise = None
    if request.method == "POST" and form.is_valid():
        picked, seen = form.picked, _amount(request.POST.get("total", ""))
        try:
            return _do(
                request,
                own,
                form,
                "cancel",
                lambda: services.cancel(own.pk, picked, seen_total=seen),
            )
        except services.PriceRisesError as error:
            rise = error
    return _render_change(request, own, token, "cancel", form, has_dates=True, rise=rise)


def _do(
    request: HttpRequest, own: Booking, form: PickForm, what: str, change: Callable[[], Any]
) -> HttpResponse:
    try:
        change()
    except services.RefusedError as refused:
        form.add_error(None, refused.errors[None])
        token = sign_link(own.link_key, tokens.BOOKING_SALT)
        return _render_change(request, own, token, what, form, has_dates=True)
    return redirect(f"{emails.booking_path(own)}?done={what}")


def _render_change(
    request: HttpRequest, own: Booking, token: str, what: str, form: forms.Form, **more: Any
) -> HttpResponse:
    return render(request, CHANGES[what], _context(own, token, form=form, **more))


@never_cache
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Hand out the booking's dates for a calendar."""
    file = calendar_file(_booking(token))
    response = HttpResponse(file.content, content_type=f"{file.type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response["X-Robots-Tag"] = "noindex"
    return response


# Certificates


def _certified(key: uuid.UUID) -> Attendee | None:
    people = Attendee.objects.in_order().select_related("booking")
    person = people.filter(certificate_key=key).first()
    return person if person and person.has_certificate else None


@never_cache
@require_safe
def certificate(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Say whether a certificate is genuine. One that was taken back is as unknown as any other."""
    person = _certified(key)
    context: dict[str, Any] = {"person": person, "crumb": "Certificate"}
    if person:
        context |= {
            "course": person.run.course,
            "statement": certificates.statement(person),
            "number": certificates.number_of(person),
        }
    status = HTTPStatus.OK if person else HTTPStatus.NOT_FOUND
    response = render(request, "courses_bookings/certificate.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


@never_cache
@require_safe
def certificate_file(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Hand out a certificate as PDF."""
    person = _certified(key)
    if person is None:
        raise Http404
    organisation = OrganisationSettings.for_request(request).organisation_name
    pdf = certificates.certificate_pdf(person, organisation)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="certificate-of-attendance.pdf"'
    response["X-Robots-Tag"] = "noindex"
    return response
