"""The demo's content comes once, stays as staff change it, and goes where nobody did."""

from collections import Counter
from collections.abc import Generator
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from wagtail.documents import get_document_model
from wagtail.models import Collection, Page, ReferenceIndex, Site

from base.models import CustomImage, MenuItem, OrganisationSettings, PersonPage, Topic, User
from blog.comments.models import Comment
from blog.models import BlogIndexPage, BlogPage
from courses.enquiries.models import Role
from courses.models import CoursePage, CourseRun, Venue
from home.models import ContactPage, ContactSubmission, HomePage, StandardPage
from tests.factories import (
    BlogPageFactory,
    CommentFactory,
    CourseRunFactory,
    CustomImageFactory,
    StandardPageFactory,
    TopicFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

# Makes a change before clearing, is sent what clearing said, and looks whether it stayed.
Case = Generator[None, str, None]
OURS = (
    "base",
    "blog",
    "blog_comments",
    "blog_newsletter",
    "courses",
    "courses_enquiries",
    "home",
)


def load(*options: str) -> str:
    output = StringIO()
    call_command("load_demo", *options, stdout=output)
    return output.getvalue()


def edit(page: Page, user: User, **values: Any) -> None:
    """Change a page and publish it, as staff do in the admin."""
    for name, value in values.items():
        setattr(page, name, value)
    page.save_revision(user=user).publish(user=user)


def census() -> Counter[str]:
    """How many there are of everything that is ours, and of Wagtail's that belongs to it."""
    models = [model for model in apps.get_models() if model._meta.app_label in OURS]
    models += [Page, get_document_model(), ReferenceIndex]
    return Counter({model._meta.label: model.objects.count() for model in models})


def test_loading_again_makes_nothing_twice() -> None:
    before = census()
    assert "The demo content is there." in load()
    assert census() == before


def test_loading_again_keeps_what_staff_changed(staff: User) -> None:
    page = BlogPage.objects.first()
    edit(page, staff, title="As staff wrote it")
    home = HomePage.objects.get()
    edit(home, staff, hero_title="Our own promise", hero_intro="", hero_image=None)
    OrganisationSettings.objects.update(phone="0113 000 0000")
    Topic.objects.update(description="Our own words")
    run = CourseRun.objects.first()
    CourseRun.objects.filter(pk=run.pk).update(capacity=3)
    cancelled = CoursePage.objects.exclude(runs=run).filter(runs__isnull=False).first()
    cancelled.runs.all().delete()
    load()
    page.refresh_from_db()
    home.refresh_from_db()
    run.refresh_from_db()
    assert page.title == "As staff wrote it"
    assert (home.hero_title, home.hero_intro) == ("Our own promise", "")
    assert not cancelled.runs.exists()
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


def test_clearing_leaves_an_empty_home_page_and_a_whole_tree() -> None:
    assert "The demo content is gone." in load("--clear")
    assert not any(any(problems) for problems in Page.find_problems())
    left = {name: number for name, number in census().items() if number}
    assert left.pop("courses.CareCertificateStandard", 16) == 16
    assert left.pop("wagtailcore.ReferenceIndex", 0) == 0
    # Wagtail makes a site's settings when they are first asked for.
    assert left.pop("blog_comments.CommentSettings", 1) == 1
    assert left.pop("courses_enquiries.EnquirySettings", 1) == 1
    assert left == {"home.HomePage": 1, "wagtailcore.Page": 2}
    home = HomePage.objects.get()
    assert (home.hero_intro, home.hero_image, len(home.body)) == ("", None, 0)
    assert home.strapline == []
    load("--clear")
    assert HomePage.objects.live().get() == home


def test_a_role_that_staff_changed_stays_with_its_courses() -> None:
    role = Role.objects.get(name="Manager")
    courses = set(role.courses.values_list("pk", flat=True))
    Role.objects.filter(pk=role.pk).update(description="As we call it")
    said = load("--clear")
    assert "Kept the role “Manager”: it is not as the demo makes it." in said
    assert Role.objects.get() == role
    assert set(CoursePage.objects.values_list("pk", flat=True)) == courses


def test_clearing_keeps_what_others_made() -> None:
    ours = StandardPageFactory(title="Ours")
    pages = [
        ours,
        StandardPageFactory(
            title="Below the demo's", parent=StandardPage.objects.get(slug="terms")
        ),
        BlogPageFactory(title="Our post", parent=BlogIndexPage.objects.get()),
    ]
    # The same names as the demo's, elsewhere.
    pages += [StandardPageFactory(slug=slug, parent=ours) for slug in ("privacy", "contact")]
    topic = TopicFactory()
    own = CourseRunFactory(course__title="Our own course")
    said = load("--clear")
    for page in [*pages, own.course]:
        assert Page.objects.filter(pk=page.pk, live=True).exists(), page.title
    assert Topic.objects.get() == topic
    assert CourseRun.objects.get() == own
    assert not PersonPage.objects.exists()
    assert (
        "Kept the text page “Terms of booking”: the text page “Below the demo's” needs it." in said
    )
    assert "The demo content is gone, except what is named above." in said


# What clearing keeps of the demo itself


def cleared_and_loaded_again() -> str:
    """What clearing says. Loading again afterwards makes each thing once."""
    before = census()
    said = load("--clear")
    assert "Kept " in said
    load()
    after = census()
    ignored = (
        # Entries of a menu that staff changed go with the pages they lead to.
        "MenuItem",
        "CourseRun",
        "CourseTrainer",
        "Credit",
        "BlogPageAuthor",
        "Rendition",
        "ReferenceIndex",
    )
    assert {name: count for name, count in after.items() if not name.endswith(ignored)} == {
        name: count for name, count in before.items() if not name.endswith(ignored)
    }
    return said


def test_what_staff_uploaded_beside_the_demo_files_stays() -> None:
    collection = Collection.objects.get(name="Demo content")
    title = CustomImage.objects.filter(collection=collection).first().title
    upload = CustomImageFactory(collection=collection)
    namesake = CustomImageFactory(collection=collection, title=title)
    said = load("--clear")
    load()
    assert CustomImage.objects.filter(pk=upload.pk).exists()
    assert CustomImage.objects.get(title=title) == namesake
    assert "Kept the collection “Demo content”: the image" in said
    assert Collection.objects.filter(name="Demo content").count() == 1


def the_home_page_stays_as_staff_wrote_it_with_what_it_shows() -> Case:
    home = HomePage.objects.get()
    edit(home, UserFactory(is_superuser=True), hero_title="Our own promise")
    said = yield
    home.refresh_from_db()
    assert "Kept the home page “Brightening Minds Training”: staff made or changed it." in said
    assert home.hero_title == "Our own promise"
    assert home.hero_image is not None
    assert home.primary_page is not None
    assert f"Kept the image “{home.hero_image}”: the home page “{home}” needs it." in said


def settings_and_menus_stay_as_staff_changed_them() -> Case:
    settings = OrganisationSettings.objects.get()
    settings.phone = "0113 000 0000"
    settings.main_menu.set([MenuItem(label="Ours", url="https://www.example.org/")])
    settings.save()
    said = yield
    assert (
        "Kept the organisation “Brightening Minds Training”: it is not as the demo makes it."
        in said
    )
    settings = OrganisationSettings.objects.get()
    assert settings.phone == "0113 000 0000"
    assert [item.label for item in settings.main_menu.all()] == ["Ours"]


def a_date_that_staff_added_stays_with_its_course_and_venue() -> Case:
    course = CoursePage.objects.get(slug="safeguarding-adults")
    others = list(course.runs.values_list("pk", flat=True))
    own = CourseRunFactory(course=course, venue=Venue.objects.last(), capacity=3)
    said = yield
    own.refresh_from_db()
    assert (own.course, own.capacity) == (course, 3)
    assert f"Kept the date “{own}”: it is not as the demo makes it." in said
    assert f"Kept the course “{course}”: the date “{own}” needs it." in said
    assert f"Kept the venue “{own.venue}”: the date “" in said
    assert not CourseRun.objects.filter(pk__in=others).exists()
    assert course.trainer_pages


def a_demo_picture_that_staff_described_anew_or_chose_as_logo_stays() -> Case:
    shown = HomePage.objects.values("hero_image")
    ours = CustomImage.objects.filter(collection__name="Demo content").exclude(pk__in=shown)
    described, logo = ours[:2]
    CustomImage.objects.filter(pk=described.pk).update(description="In our own words")
    OrganisationSettings.objects.update(logo=logo)
    yield
    assert CustomImage.objects.filter(pk=described.pk).exists()
    assert OrganisationSettings.objects.get().logo == logo


def a_date_that_staff_moved_stays() -> Case:
    elsewhere = CourseRun.objects.exclude(course__slug="safeguarding-adults")
    run = elsewhere.filter(venue__isnull=False).first()
    CourseRun.objects.filter(pk=run.pk).update(capacity=3)
    yield
    assert CourseRun.objects.filter(pk=run.pk, capacity=3).exists()


def a_course_of_staff_keeps_the_venue_of_its_date() -> Case:
    venue = Venue.objects.first()
    own = CourseRunFactory(venue=venue)
    said = yield
    assert CourseRun.objects.filter(pk=own.pk, venue=venue).exists()
    assert f"Kept the venue “{venue}”: the date “{own}” needs it." in said


def a_post_of_staff_keeps_its_topic() -> Case:
    topic = Topic.objects.first()
    post = BlogPageFactory(topics=[topic], parent=BlogIndexPage.objects.get())
    yield
    assert list(BlogPage.objects.get(pk=post.pk).topics.all()) == [topic]


def a_snippet_that_staff_changed_stays() -> Case:
    topic, other = Topic.objects.all()[:2]
    Topic.objects.filter(pk=topic.pk).update(description="Our own words")
    # The name of one of the demo's under an address of its own.
    Topic.objects.filter(pk=other.pk).update(slug="ours")
    yield
    assert Topic.objects.get(pk=topic.pk).description == "Our own words"
    assert Topic.objects.get(pk=other.pk).slug == "ours"


def a_form_that_people_answered_stays() -> Case:
    page = ContactPage.objects.get(slug="contact")
    answer = ContactSubmission.objects.create(page=page, form_data={})
    said = yield
    assert ContactSubmission.objects.filter(pk=answer.pk).exists()
    assert "Kept the form page “Contact us”: people have sent it answers." in said


def a_post_that_people_commented_on_stays() -> Case:
    post = BlogPage.objects.get(slug="co-production-can-change-lives")
    comment = CommentFactory(page=post)
    said = yield
    assert Comment.objects.filter(pk=comment.pk).exists()
    assert f"Kept the post “{post}”: people have commented on it." in said


def a_draft_of_staff_keeps_the_page() -> Case:
    page = StandardPage.objects.get(slug="privacy")
    page.save_revision(user=UserFactory())
    yield
    assert StandardPage.objects.filter(pk=page.pk).exists()


def test_what_staff_made_their_own_stays() -> None:
    """All of it at once: clearing takes seconds."""
    cases = [
        the_home_page_stays_as_staff_wrote_it_with_what_it_shows(),
        settings_and_menus_stay_as_staff_changed_them(),
        a_date_that_staff_added_stays_with_its_course_and_venue(),
        a_demo_picture_that_staff_described_anew_or_chose_as_logo_stays(),
        a_date_that_staff_moved_stays(),
        a_course_of_staff_keeps_the_venue_of_its_date(),
        a_post_of_staff_keeps_its_topic(),
        a_snippet_that_staff_changed_stays(),
        a_form_that_people_answered_stays(),
        a_post_that_people_commented_on_stays(),
        a_draft_of_staff_keeps_the_page(),
    ]
    for case in cases:
        next(case)
    said = cleared_and_loaded_again()
    for case in cases:
        with pytest.raises(StopIteration):
            case.send(said)


def test_after_clearing_it_can_be_loaded_again() -> None:
    before = census()
    load("--clear")
    # As Wagtail makes them when somebody visits an empty site.
    OrganisationSettings.objects.create(site=Site.objects.get())
    load()
    after = census()
    assert after["home.StandardPage"] == before["home.StandardPage"]
    assert after["courses.CourseRun"] == before["courses.CourseRun"]
    assert after["base.CustomImage"] == before["base.CustomImage"]
    assert CoursePage.objects.live().count() == before["courses.CoursePage"]
    settings = OrganisationSettings.objects.get()
    assert settings.phone
    assert settings.main_menu.exists()
