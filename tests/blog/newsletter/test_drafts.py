"""What a new issue begins with, as whoever adds one finds it in the form."""

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, Revision

from blog.newsletter.models import NewsletterIndexPage, NewsletterIssuePage
from courses.models import Place
from tests import editor, markup
from tests.factories import (
    BlogPageFactory,
    CoursePageFactory,
    CourseRunFactory,
    CustomImageFactory,
    NewsletterIssuePageFactory,
    VenueFactory,
    make_private,
)

from .issues import ago

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("newsletter")]

Blocks = list[dict[str, Any]]


@pytest.fixture
def form(newsletter: NewsletterIndexPage, admin: Client) -> Any:
    """Opens the form for a new issue."""

    def form() -> Any:
        url = editor.add_url(NewsletterIssuePage, newsletter)
        return markup.read(admin.get(url).content)

    return form


def blocks(form: Any, field: str) -> Blocks:
    """The blocks of a field, as the form has them."""
    [value, *_] = json.loads(form.find(id=field)["data-w-block-arguments-value"])
    found: Blocks = value
    return found


def sections(form: Any) -> dict[str, list[str]]:
    """The titles of the pages in each section."""
    return {
        block["value"]["heading"]: [
            page["value"]["page"]["adminTitle"] for page in block["value"]["pages"]
        ]
        for block in blocks(form, "body")
    }


def test_it_begins_with_the_posts_of_the_month(form: Any) -> None:
    for title, days in (("Old", 32), ("Early", 30), ("Late", 1)):
        BlogPageFactory(title=title, published_at=ago(days=days))
    BlogPageFactory(title="Draft", live=False, published_at=ago(days=1))
    make_private(BlogPageFactory(title="Private", published_at=ago(days=1)))
    page = form()
    assert sections(page) == {"News": ["Late", "Early"]}
    assert page.find(id="id_title")["value"] == f"{timezone.localtime():%B %Y}"
    [block] = blocks(page, "body")
    assert block["value"]["interest"] == ["news"]


def test_it_offers_the_courses_that_somebody_can_book(form: Any) -> None:
    later = CoursePageFactory(title="In five weeks")
    CourseRunFactory(course=later, in_days=35)
    CourseRunFactory(course=later, in_days=40)
    CourseRunFactory(course__title="In a week", in_days=7)
    CourseRunFactory(course__title="Over", in_days=-7)
    CourseRunFactory(course__title="In months", in_days=100)
    CourseRunFactory(course__title="Cancelled", cancelled_at=timezone.now())
    Place.objects.create(run=CourseRunFactory(course__title="Full", capacity=1))
    CourseRunFactory(course__title="Draft", course__live=False)
    make_private(CourseRunFactory(course__title="Private").course)
    CoursePageFactory(title="Without a date")
    page = form()
    assert sections(page) == {"Course dates with places": ["In a week", "In five weeks"]}
    [block] = blocks(page, "body")
    assert block["value"]["interest"] == ["dates"]


def test_it_names_the_guidance_that_was_replaced(form: Any) -> None:
    newer = BlogPageFactory(title="New rules", published_at=ago(days=400))
    older = BlogPageFactory(title="Old rules", superseded_by=newer)
    older.save_revision().publish()
    BlogPageFactory(title="Rules of long ago", superseded_by=newer, last_published_at=ago(days=99))
    BlogPageFactory(title="Just replaced", superseded_by=newer, published_at=ago(days=1))
    page = form()
    assert sections(page) == {"Guidance that has changed": ["New rules"]}
    [block] = blocks(page, "body")
    [told] = block["value"]["pages"]
    assert told["value"]["words"] == "This replaces “Old rules”, which is out of date."


def test_with_nothing_to_tell_it_is_empty(form: Any) -> None:
    page = form()
    assert blocks(page, "body") == blocks(page, "easy_read") == []


def test_it_tells_only_what_is_new_since_the_last_issue(form: Any) -> None:
    for title, days in (("Before", 11), ("Since", 9)):
        BlogPageFactory(title=title, published_at=ago(days=days))
    NewsletterIssuePageFactory(first_published_at=ago(days=20))
    NewsletterIssuePageFactory(first_published_at=ago(days=10))
    NewsletterIssuePageFactory(first_published_at=ago(days=1), live=False)
    assert sections(form()) == {"News": ["Since"]}


def test_after_a_long_silence_it_tells_of_three_months(form: Any) -> None:
    for title, days in (("Long ago", 95), ("Two months ago", 60)):
        BlogPageFactory(title=title, published_at=ago(days=days))
    NewsletterIssuePageFactory(first_published_at=ago(days=400))
    assert sections(form()) == {"News": ["Two months ago"]}


def test_the_easy_read_edition_tells_the_same_in_short_sentences(form: Any) -> None:
    image = CustomImageFactory(title="A cup")
    BlogPageFactory(title="Tea", published_at=ago(days=1), image=image)
    run = CourseRunFactory(course__title="Medicines", venue=VenueFactory(town="Leeds"), in_days=7)
    CourseRunFactory(course__title="Online course", online=True, in_days=8)
    heading, tea, dates, medicines, online = (
        block["value"] for block in blocks(form(), "easy_read")
    )
    assert (heading, dates) == ("News", "Course dates with places")
    assert tea["words"] == "We wrote something new.\nIt is called “Tea”."
    assert (tea["image"]["title"], tea["page"]["adminTitle"]) == ("A cup", "Tea")
    assert (tea["interest"], medicines["interest"]) == (["news"], ["dates"])
    assert medicines["words"].splitlines() == [
        "You can come to a course.",
        "It is called “Medicines”.",
        f"It is on {timezone.localtime(run.start):%A %-d %B}.",
        "It is in Leeds.",
    ]
    assert online["words"].endswith("It is online.")


def test_opening_the_form_makes_nothing(form: Any) -> None:
    BlogPageFactory(published_at=ago(days=1))
    before = Page.objects.count(), Revision.objects.count()
    form()
    assert (Page.objects.count(), Revision.objects.count()) == before
    assert not NewsletterIssuePage.objects.exists()


def test_what_was_written_stays(newsletter: NewsletterIndexPage, admin: Client) -> None:
    BlogPageFactory(title="Tea", published_at=ago(days=1))
    url = editor.add_url(NewsletterIssuePage, newsletter)
    typed = editor.form_data(
        admin, url, NewsletterIssuePage, title="Ours", slug="ours", intro=""
    ) | {"action-publish": "1"}
    refused = markup.read(admin.post(url, typed).content)
    assert refused.find(id="id_title")["value"] == "Ours"
    assert [block["type"] for block in blocks(refused, "body")] == ["paragraph"]
    typed["intro"] = "What is new."
    assert admin.post(url, typed).status_code == 302
    issue = NewsletterIssuePage.objects.get()
    saved = markup.read(admin.get(editor.edit_url(issue)).content)
    assert [block["type"] for block in blocks(saved, "body")] == ["paragraph"]


def test_an_issue_made_of_its_draft_can_be_published(
    newsletter: NewsletterIndexPage, client: Client
) -> None:
    from blog.newsletter.drafts import draft

    BlogPageFactory(title="Tea", published_at=ago(days=1))
    CourseRunFactory(course__title="Medicines")
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    assert draft(newsletter, now)["title"] == "January 2026"
    issue = NewsletterIssuePageFactory(**draft(newsletter), slug="july")
    issue.save_revision().publish()
    assert markup.faults(client.get(issue.url).content) == []
