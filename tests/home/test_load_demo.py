"""The demo's content comes once, stays as staff change it, and goes without a trace."""

from collections import Counter
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from wagtail.documents import get_document_model
from wagtail.models import Page, ReferenceIndex

from base.models import CustomImage, OrganisationSettings, PersonPage, Topic
from blog.models import BlogIndexPage, BlogPage
from courses.models import CoursePage, CourseRun
from home.models import HomePage, StandardPage
from tests.factories import (
    BlogPageFactory,
    CourseRunFactory,
    CustomImageFactory,
    StandardPageFactory,
    TopicFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

OURS = ("base", "blog", "courses", "home")


def load(*options: str) -> str:
    output = StringIO()
    call_command("load_demo", *options, stdout=output)
    return output.getvalue()


def census() -> Counter[str]:
    """How many there are of everything that is ours, and of Wagtail's that belongs to it."""
    models = [model for model in apps.get_models() if model._meta.app_label in OURS]
    models += [Page, get_document_model(), ReferenceIndex]
    return Counter({model._meta.label: model.objects.count() for model in models})


def test_loading_again_makes_nothing_twice() -> None:
    before = census()
    assert "The demo content is there." in load()
    assert census() == before


def test_loading_again_keeps_what_staff_changed() -> None:
    page = BlogPage.objects.first()
    page.title = "As staff wrote it"
    page.save_revision().publish()
    page.slug = "as-staff-named-it"
    home = HomePage.objects.get()
    home.hero_title = "Our own promise"
    home.save_revision().publish()
    OrganisationSettings.objects.update(phone="0113 000 0000")
    Topic.objects.update(description="Our own words")
    run = CourseRun.objects.first()
    CourseRun.objects.filter(pk=run.pk).update(capacity=3)
    load()
    page.refresh_from_db()
    home.refresh_from_db()
    run.refresh_from_db()
    assert page.title == "As staff wrote it"
    assert home.hero_title == "Our own promise"
    assert OrganisationSettings.objects.get().phone == "0113 000 0000"
    assert set(Topic.objects.values_list("description", flat=True)) == {"Our own words"}
    assert run.capacity == 3


def test_loading_again_brings_back_what_is_missing() -> None:
    before = census()
    post = BlogPage.objects.first()
    title = post.title
    post.delete()
    load()
    assert BlogPage.objects.live().filter(title=title).exists()
    after = census()
    assert after["blog.BlogPage"] == before["blog.BlogPage"]
    assert after["blog.BlogPageAuthor"] == before["blog.BlogPageAuthor"]


def test_clearing_leaves_an_empty_home_page() -> None:
    assert "The demo content is gone." in load("--clear")
    left = {name: number for name, number in census().items() if number}
    assert left.pop("courses.CareCertificateStandard", 16) == 16
    assert left.pop("wagtailcore.ReferenceIndex", 0) == 0
    assert left == {"home.HomePage": 1, "wagtailcore.Page": 2}
    home = HomePage.objects.get()
    assert (home.hero_intro, home.hero_image, len(home.body)) == ("", None, 0)
    assert home.strapline == []


def test_clearing_keeps_what_others_made() -> None:
    about = StandardPage.objects.get(slug="about")
    pages = [
        StandardPageFactory(title="Ours"),
        StandardPageFactory(title="Below the demo's", parent=about),
        BlogPageFactory(title="Our post", parent=BlogIndexPage.objects.get()),
    ]
    ours = pages[0]
    # The same names as the demo's, elsewhere.
    pages += [StandardPageFactory(slug=slug, parent=ours) for slug in ("privacy", "contact")]
    picture, topic = CustomImageFactory(), TopicFactory()
    own = CourseRunFactory(course__title="Our own course")
    load("--clear")
    for page in [*pages, own.course]:
        assert Page.objects.filter(pk=page.pk, live=True).exists(), page.title
    assert CustomImage.objects.get() == picture
    assert Topic.objects.get() == topic
    assert CourseRun.objects.get() == own
    assert not PersonPage.objects.exists()


def test_after_clearing_it_can_be_loaded_again() -> None:
    before = census()
    load("--clear")
    load()
    after = census()
    assert after["home.StandardPage"] == before["home.StandardPage"]
    assert after["courses.CourseRun"] == before["courses.CourseRun"]
    assert after["base.CustomImage"] == before["base.CustomImage"]
    assert CoursePage.objects.live().count() == before["courses.CoursePage"]


def test_the_tree_stays_whole() -> None:
    nothing = [[], [], [], [], []]
    assert [list(problems) for problems in Page.find_problems()] == nothing
    load("--clear")
    assert [list(problems) for problems in Page.find_problems()] == nothing


def test_clearing_twice_harms_nothing() -> None:
    load("--clear")
    load("--clear")
    assert HomePage.objects.live().count() == 1
