from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from courses.models import CoursePage, CourseRun
from courses.prices import in_pounds

from ..models import Role
from ..planning import Course, Date, Need, Plan, plan


def roles() -> list[Role]:
    """Return the roles that need any course that visitors may read, by name."""
    visible = CoursePage.objects.visible()
    return list(Role.objects.filter(courses__in=visible).distinct())


def plan_for(counts: Mapping[Role, int], in_house_from: int) -> Plan:
    """Return the plan for so many people in each role, in a fixed number of queries."""
    team = {role.pk: role for role, count in counts.items() if count}
    needed: defaultdict[int, set[int]] = defaultdict(set)
    for link in Role.courses.through.objects.filter(role__in=team):
        needed[link.role_id].add(link.coursepage_id)
    keys = set().union(*needed.values())
    pages = CoursePage.objects.visible().filter(pk__in=keys)
    dates: defaultdict[int, list[Date]] = defaultdict(list)
    for run in CourseRun.objects.filter(course__in=keys).upcoming().for_leaves():
        if run.state.takes_bookings:
            dates[run.course_id].append(
                Date(run.start, run.end, run.places_left, run.when_text, run.place_text)
            )
    courses = [
        Course(
            page.pk,
            page.title,
            page.price,
            page.vat,
            page.in_house,
            tuple(dates[page.pk]),
            page.url or "",
        )
        for page in pages.defer("body", "programme", "outcomes", "audience")
    ]
    needs = [Need(role.name, counts[role], frozenset(needed[role.pk])) for role in team.values()]
    return plan(needs, courses, in_house_from)


def in_words(made: Plan, address: str) -> str:
    """Return a plan as text, as it goes with an enquiry."""
    lines = [f"Team: {made.team}", ""]
    for step in made.steps:
        lines.append(f"{step.course.title}: {step.who}")
        lines += [
            f"- {seats.people} on {seats.date.when}, {seats.date.where}" for seats in step.seats
        ]
        lines += _remarks(step.short, step.suggests_in_house)
    lines += ["", f"Places together: {in_pounds(made.total)}", address]
    return "\n".join(lines)


def _remarks(short: int, suggests_in_house: bool) -> Iterable[str]:
    if short:
        yield f"- {short} without a place"
    if suggests_in_house:
        yield "- in-house suggested"
