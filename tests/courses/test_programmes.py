"""Ways through the courses: programmes, related courses, and the map of standards."""

import pytest
from bs4 import Tag
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from wagtail.models import Page

from courses.models import CareCertificateStandard, CoursePage, Place, ProgrammeStep
from tests import markup
from tests.factories import (
    CareCertificatePageFactory,
    CareCertificateStandardFactory,
    CourseIndexPageFactory,
    CoursePageFactory,
    CourseRunFactory,
    ProgrammePageFactory,
    TopicFactory,
    make_private,
)

pytestmark = pytest.mark.django_db


def main(client: Client, page: Page) -> Tag:
    response = client.get(page.url)
    assert markup.faults(response.content) == []
    return markup.read(response.content).main


def steps(shown: Tag) -> list[str]:
    return [step.h3.get_text() for step in shown.select(".pathway__step")]


# Programmes


def test_a_programme_shows_its_courses_in_order_with_the_reasons(client: Client) -> None:
    courses = [
        CoursePageFactory(title=title, duration_minutes=90, cpd_hours=1.5)
        for title in ("Zebra", "Apple")
    ]
    programme = ProgrammePageFactory(courses=courses)
    shown = main(client, programme)
    assert steps(shown) == ["Zebra", "Apple"]
    assert "Why Zebra." in shown.select_one(".pathway__step").get_text()
    assert shown.h2.get_text() == "2 courses, 3 hours, 3 CPD hours"


@pytest.mark.parametrize("how", ["unpublished", "private", "deleted"])
def test_a_course_that_nobody_may_read_leaves_the_programme(how: str, client: Client) -> None:
    courses = [CoursePageFactory(title=title) for title in ("Here", "Gone")]
    programme = ProgrammePageFactory(courses=courses)
    assert steps(main(client, programme)) == ["Here", "Gone"]
    match how:
        case "unpublished":
            courses[1].unpublish()
        case "private":
            make_private(courses[1])
        case _:
            courses[1].delete()
    assert steps(main(client, programme)) == ["Here"]


def test_a_programme_without_courses_says_what_to_do(client: Client) -> None:
    programme = ProgrammePageFactory()
    shown = main(client, programme)
    assert (
        shown.find(class_="empty").a["href"] == CourseIndexPageFactory._meta.model.objects.get().url
    )


def test_the_catalogue_and_the_course_lead_to_the_programme(client: Client) -> None:
    course, other = CoursePageFactory(), CoursePageFactory()
    programme = ProgrammePageFactory(courses=[course], intro="For your first months.")
    hidden = [ProgrammePageFactory(courses=[course], live=False)]
    hidden.append(make_private(ProgrammePageFactory(courses=[course])))
    for page, is_named in ((course, True), (other, False), (course.get_parent(), True)):
        shown = main(client, page)
        links = [link["href"] for link in shown.find_all("a")]
        assert (programme.url in links) is is_named
        assert not {page.url for page in hidden} & set(links)
    assert "For your first months." in main(client, course).get_text()


def test_a_catalogue_without_programmes_has_no_such_part(client: Client) -> None:
    course = CoursePageFactory()
    for page in (course, course.get_parent()):
        assert not main(client, page).find(id="programmes")


def test_a_course_stands_once_in_a_programme() -> None:
    course = CoursePageFactory()
    programme = ProgrammePageFactory(courses=[course])
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgrammeStep.objects.create(page=programme, course=course, why="Twice.")


# Related courses


def related(client: Client, course: CoursePage) -> list[str]:
    heading = main(client, course).find(id="related")
    return [card.get_text() for card in heading.parent.find_all("h3")] if heading else []


def test_courses_that_share_most_come_first_then_the_soonest(client: Client) -> None:
    topics = [TopicFactory() for _ in range(2)]
    standard = CareCertificateStandardFactory()
    course = CoursePageFactory(topics=topics, care_certificate_standards=[standard])
    late = CoursePageFactory(title="Late", topics=topics[:1])
    soon = CoursePageFactory(title="Soon", topics=topics[1:])
    CoursePageFactory(title="Most", topics=topics, care_certificate_standards=[standard])
    CoursePageFactory(title="Never", care_certificate_standards=[standard])
    CoursePageFactory(title="Nothing shared", topics=[TopicFactory()])
    CourseRunFactory(course=late, in_days=90)
    CourseRunFactory(course=soon, in_days=9)
    CourseRunFactory(course=soon, in_days=-9)
    assert related(client, course) == ["Most", "Soon", "Late"]


@pytest.mark.parametrize("how", ["unpublished", "private"])
def test_a_course_that_nobody_may_read_is_not_related(how: str, client: Client) -> None:
    topic = TopicFactory()
    course, other = (CoursePageFactory(topics=[topic]) for _ in range(2))
    assert related(client, course) == [other.title]
    if how == "unpublished":
        other.unpublish()
    else:
        make_private(other)
    assert related(client, course) == []


def test_a_course_that_shares_nothing_has_no_such_part(client: Client) -> None:
    CoursePageFactory()
    assert related(client, CoursePageFactory()) == []


# Dates


@pytest.mark.parametrize(
    ("taken", "state", "words"),
    [
        (0, "open", "12 places left"),
        (10, "few_places", "Only 2 places left"),
        (12, "full", "Full, with a waiting list"),
    ],
)
def test_a_leaf_says_its_state_in_words_and_looks_it(
    taken: int, state: str, words: str, client: Client
) -> None:
    run = CourseRunFactory(capacity=12)
    Place.objects.bulk_create([Place(run=run) for _ in range(taken)])
    for page in (run.course, run.course.get_parent().get_parent()):
        leaf = markup.read(client.get(page.url).content).find(class_="date-leaf")
        assert f"date-leaf--{state}" in leaf["class"]
        assert leaf.find(class_="date-leaf__places").get_text(strip=True) == words


def test_dates_that_are_over_are_not_listed(client: Client) -> None:
    course = CoursePageFactory()
    kept = CourseRunFactory(course=course, in_days=20)
    CourseRunFactory(course=course, in_days=-20)
    leaves = main(client, course).find_all(class_="date-leaf")
    assert [leaf.time["datetime"][:10] for leaf in leaves] == [f"{kept.start:%Y-%m-%d}"]


# The map of standards


def standards(shown: Tag) -> dict[str, list[str]]:
    """What stands beside each standard."""
    return {
        " ".join(item.h3.get_text(" ").split()): [
            link.get_text() for link in item.select(".standard__courses a")
        ]
        for item in shown.find_all(class_="standard")
    }


def test_each_standard_has_its_courses_and_the_gaps_are_said(client: Client) -> None:
    first, second, gap = (
        CareCertificateStandardFactory(number=number, name=name)
        for number, name in ((1, "Your role"), (2, "Duty of care"), (3, "Children"))
    )
    CoursePageFactory(title="Both", care_certificate_standards=[first, second])
    CoursePageFactory(title="A draft", care_certificate_standards=[gap], live=False)
    make_private(CoursePageFactory(care_certificate_standards=[gap]))
    run = CourseRunFactory(course__title="Another")
    run.course.care_certificate_standards = [second]
    run.course.save()
    page = CareCertificatePageFactory(gaps="<p>Ask your council.</p>")
    shown = main(client, page)
    assert standards(shown) == {
        "Standard 1 Your role": ["Both"],
        "Standard 2 Duty of care": ["Another", "Both"],
        "Standard 3 Children": [],
    }
    gaps = shown.find(class_="gaps")
    assert "No course of ours covers standard 3, Children." in gaps.get_text()
    assert shown.find(id=gaps.a["href"].removeprefix("#")).h3.get_text().endswith("Children")
    assert "Ask your council." in gaps.get_text()
    assert "No course of ours covers this standard." in shown.find(id="standard-3").get_text()
    assert f"Next on {run.start:%-d %B %Y}" in shown.find(id="standard-2").get_text()
    assert "No date yet" in shown.find(id="standard-1").get_text()


def test_without_gaps_nothing_is_said_about_them(client: Client) -> None:
    CoursePageFactory(care_certificate_standards=[CareCertificateStandardFactory()])
    shown = main(client, CareCertificatePageFactory(gaps="<p>Ask your council.</p>"))
    assert "Ask your council." not in shown.get_text()
    assert "Each of them has a course." in shown.get_text()


def test_the_edition_is_data(client: Client) -> None:
    CareCertificateStandardFactory(edition=2025, number=1, name="Old words")
    CareCertificateStandardFactory(edition=2031, number=1, name="New words")
    page = CareCertificatePageFactory()
    assert standards(main(client, page)).keys() == {"Standard 1 Old words"}
    page.edition = 2031
    page.save()
    shown = main(client, page)
    assert standards(shown).keys() == {"Standard 1 New words"}
    assert "edition of 2031" in shown.h2.get_text()


def test_a_number_stands_once_in_an_edition() -> None:
    CareCertificateStandardFactory(number=1)
    twin = CareCertificateStandard(number=1, name="Twice")
    with pytest.raises(ValidationError, match="already"):
        twin.full_clean()


def test_an_edition_without_standards_says_what_to_do(client: Client) -> None:
    shown = main(client, CareCertificatePageFactory(edition=2099))
    assert shown.find(class_="empty")


def test_a_course_with_standards_leads_to_the_map(client: Client) -> None:
    page = CareCertificatePageFactory()
    with_standard = CoursePageFactory(care_certificate_standards=[CareCertificateStandardFactory()])
    without = CoursePageFactory()
    assert main(client, with_standard).find("a", href=page.url)
    assert not main(client, without).find("a", href=page.url)
    assert main(client, with_standard.get_parent()).find("a", href=page.url)
