from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from base.models import Topic
from base.network import network_hash
from courses.models import CoursePage

from . import services, tokens
from .forms import CONSENT, PLAN, EnquiryForm, TeamForm
from .models import EnquirySettings
from .planning import Plan
from .spreadsheets import TYPE, workbook_of

TOO_OLD = "This form was open for more than a day. Your words are still here: please send them now."


def _render(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    response = render(request, template, context)
    response["X-Robots-Tag"] = "noindex"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Show the form for an enquiry, and take what is sent.

    `?course=` and `?topic=` take a key and choose for the visitor; what the planner's address
    holds sends its plan along.
    """
    settings = EnquirySettings.for_request(request)
    team, plan = _plan(request, settings)
    address = request.build_absolute_uri(f"{reverse('courses_enquiries:planner')}?{team.query}")
    courses = CoursePage.objects.visible().filter(in_house=True).order_by("title", "pk")
    form = EnquiryForm(
        request.POST if request.method == "POST" else None,
        courses=list(courses.only("title")),
        topics=list(Topic.objects.filter(coursepage__in=courses).distinct().only("name")),
        plan=services.in_words(plan, address) if plan.steps else "",
        initial={"about": PLAN, "people": plan.people} if plan.steps else None,
    )
    if request.method == "POST" and (answer := _take(request, form, settings)):
        return answer
    _choose(request, form)
    privacy = settings.privacy_page
    context = {
        "form": form,
        "plan": plan,
        "team_query": team.query,
        "has_errors": bool(form.errors),
        "consent": CONSENT,
        "answer_days": settings.answer_days,
        "privacy_url": privacy and privacy.live and privacy.get_url(request),
        "privacy_title": privacy and privacy.title,
    }
    return _render(request, "courses_enquiries/ask.html", context)


def _choose(request: HttpRequest, form: EnquiryForm) -> None:
    """Choose what the link that led here names, if it is on offer."""
    for kind in ("course", "topic"):
        chosen = f"{kind}-{request.GET.get(kind, '')}"
        if chosen in form.names:
            form.initial["about"] = chosen


def _take(
    request: HttpRequest, form: EnquiryForm, settings: EnquirySettings
) -> HttpResponse | None:
    """Hand the words on; None where the form is shown again."""
    if form.is_from_robot:
        return redirect("courses_enquiries:thanks")
    if not form.is_valid():
        return None
    key = tokens.read_form(form.cleaned_data["token"])
    if key is None:
        form.add_error(None, TOO_OLD)
        form.renew()
        return None
    try:
        enquiry = services.send(form.words, key, network_hash(request), settings)
    except services.RefusedError as refused:
        for field, message in refused.errors.items():
            form.add_error(field, message)
        if refused.renews_form:
            form.renew()
        return None
    return redirect("courses_enquiries:thanks", tokens.sign_reference(enquiry.reference))


@never_cache
@require_safe
def thanks(request: HttpRequest, token: str = "") -> HttpResponse:
    """Say what happens next, and the reference. A robot hears none."""
    reference = tokens.read_reference(token) if token else ""
    if reference is None:
        raise Http404
    context = {
        "reference": reference,
        "answer_days": EnquirySettings.for_request(request).answer_days,
    }
    return _render(request, "courses_enquiries/thanks.html", context)


# The team planner


def _plan(request: HttpRequest, settings: EnquirySettings) -> tuple[TeamForm, Plan]:
    """Return the team that the address holds, and the plan for it."""
    team = TeamForm(request.GET, roles=services.roles())
    return team, services.plan_for(team.counts, settings.in_house_from)


@require_safe
def planner(request: HttpRequest) -> HttpResponse:
    """Ask who is in a team, and show which courses and dates they need."""
    settings = EnquirySettings.for_request(request)
    team, plan = _plan(request, settings)
    context = {"form": team, "plan": plan, "query": team.query, "has_errors": bool(team.errors)}
    response = render(request, "courses_enquiries/planner.html", context)
    if request.GET:
        response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def spreadsheet(request: HttpRequest) -> HttpResponse:
    """Hand the plan out as a workbook."""
    _, plan = _plan(request, EnquirySettings.for_request(request))
    response = HttpResponse(workbook_of(plan), content_type=TYPE)
    response["Content-Disposition"] = 'attachment; filename="team-plan.xlsx"'
    response["X-Robots-Tag"] = "noindex"
    return response
