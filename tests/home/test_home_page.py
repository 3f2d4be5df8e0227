"""The front door: what it says, what comes up next, and what is new."""

from typing import Any

import pytest
from django.test import Client
from wagtail.test.utils.form_data import rich_text, streamfield

from home.models import POSTS_SHOWN, RUNS_SHOWN, HomePage
from tests import editor, markup
from tests.factories import (
    BlogIndexPageFactory,
    BlogPageFactory,
    CourseIndexPageFactory,
    CoursePageFactory,
    CourseRunFactory,
    CustomImageFactory,
    HomePageFactory,
    OrganisationSettingsFactory,
    StandardPageFactory,
    TestimonialFactory,
)

pytestmark = pytest.mark.django_db


def value(name: str, tone: str = "brave") -> dict:
    return {"type": "value", "value": {"name": name, "tone": tone, "summary": f"We are {name}."}}


def text(client: Client, url: str = "/") -> str:
    return " ".join(markup.read(client.get(url).content).get_text(" ").split())


def test_the_values_are_the_strapline_of_every_page(home: HomePage, client: Client) -> None:
    page = StandardPageFactory()
    home.values = [value("Brave"), value("Mindful", "mindful"), value("Kind", "trustworthy")]
    home.save()
    for url in ("/", page.url, "/search/", "/nowhere/"):
        assert "Brave | Mindful | Kind" in text(client, url)
    values = markup.read(client.get("/").content).find(class_="values")
    assert [heading.get_text() for heading in values.find_all(["h2", "h3"])] == [
        "Brave",
        "Mindful",
        "Kind",
    ]


def test_without_values_there_is_no_strapline(home: HomePage, client: Client) -> None:
    page = markup.read(client.get("/").content)
    assert not page.find(class_="brand__strapline")
    assert not page.find(class_="values")


@pytest.mark.parametrize(("number", "allowed"), [(3, True), (4, False)])
def test_there_are_at_most_three_values(
    number: int, allowed: bool, home: HomePage, admin: Client
) -> None:
    practice = rich_text("<p>Every day.</p>", features=["bold", "italic", "link"])
    words = {"name": "Kind", "tone": "brave", "summary": "We are kind.", "practice": practice}
    url = editor.edit_url(home)
    data = editor.form_data(admin, url, HomePage, values=streamfield([("value", words)] * number))
    response = admin.post(url, data | {"action-publish": "1"})
    assert response.status_code == (302 if allowed else 200)
    if not allowed:
        assert "values" in response.context["form"].errors
    assert len(HomePage.objects.get().values) == (number if allowed else 0)


def test_an_empty_home_page_shows_nothing_that_is_not_there(client: Client) -> None:
    response = client.get("/")
    page = markup.read(response.content)
    assert [heading.name for heading in page.main.find_all(["h1", "h2", "h3"])] == ["h1"]
    assert not page.main.find_all("section")
    assert not page.main.find_all("img")


def test_what_comes_up_next(client: Client) -> None:
    CourseIndexPageFactory()
    runs = [CourseRunFactory(course__title=f"In {days}", in_days=days) for days in (9, 1, 5, 3, 7)]
    CourseRunFactory(course__title="Long ago", in_days=-1)
    CourseRunFactory(course__title="In a draft", in_days=2, course__live=False)
    page = markup.read(client.get("/").content)
    titles = [title.get_text() for title in page.find_all(class_="date-leaf__title")]
    assert titles == ["In 1", "In 3", "In 5", "In 7"][:RUNS_SHOWN]
    assert len(titles) == min(RUNS_SHOWN, len(runs))


def test_what_is_new(client: Client) -> None:
    posts = [BlogPageFactory() for _ in range(POSTS_SHOWN + 1)]
    BlogPageFactory(title="In a draft", live=False)
    page = markup.read(client.get("/").content)
    titles = [title.get_text() for title in page.select("[aria-labelledby=news] .card__title")]
    newest = sorted(posts, key=lambda post: post.published_at, reverse=True)
    assert titles == [post.title for post in newest[:POSTS_SHOWN]]


def test_buttons_lead_to_public_pages_only(home: HomePage, client: Client) -> None:
    home.primary_text, home.primary_page = "Find a course", CourseIndexPageFactory()
    home.secondary_text, home.secondary_page = "Ask us", StandardPageFactory()
    home.save()
    page = markup.read(client.get("/").content)
    links = {link.get_text(strip=True): link["href"] for link in page.select(".hero .button")}
    assert links == {"Find a course": "/courses/", "Ask us": home.secondary_page.url}
    home.secondary_page.unpublish()
    links = markup.read(client.get("/").content).select(".hero .button")
    assert [link.get_text(strip=True) for link in links] == ["Find a course"]


def test_what_people_say(home: HomePage, client: Client) -> None:
    said = TestimonialFactory(quote="It changed my Mondays.", name="Jo", is_sample=True)
    gone = TestimonialFactory(quote="Taken back.")
    home.testimonials = [("testimonial", said), ("testimonial", gone)]
    home.save()
    gone.delete()
    words = text(client)
    assert "It changed my Mondays." in words
    assert "Sample words" in words
    assert "Taken back." not in words


def test_voices_that_are_all_gone_leave_no_heading(home: HomePage, client: Client) -> None:
    gone = TestimonialFactory()
    home.testimonials = [("testimonial", gone)]
    home.save()
    gone.delete()
    assert not markup.read(client.get("/").content).find(id="voices")


def test_whoever_said_it_is_shown_where_there_is_a_picture(home: HomePage, client: Client) -> None:
    pictured, other = TestimonialFactory(image=CustomImageFactory()), TestimonialFactory()
    home.testimonials = [("testimonial", pictured), ("testimonial", other)]
    home.save()
    first, second = markup.read(client.get("/").content).find_all(class_="quotation")
    assert first.find("img")["alt"] == ""
    assert not second.find("img")


def test_pictures_of_voices_are_fetched_together(
    home: HomePage, client: Client, django_assert_max_num_queries: Any
) -> None:
    said = [TestimonialFactory(image=CustomImageFactory()) for _ in range(8)]
    home.testimonials = [("testimonial", voice) for voice in said]
    home.save()
    client.get("/")
    with django_assert_max_num_queries(12):
        client.get("/")


def test_an_emptied_heading_is_no_heading_that_can_be_seen(home: HomePage, client: Client) -> None:
    CourseIndexPageFactory()
    CourseRunFactory()
    BlogIndexPageFactory()
    BlogPageFactory()
    home.dates_heading, home.news_heading = "", "What is new"
    home.save()
    page = markup.read(client.get("/").content)
    assert page.find(id="dates")["class"] == ["visually-hidden"]
    news = page.find(id="news")
    assert news.get_text() == "What is new"
    assert not news.get("class")


def test_the_invitation_to_the_newsletter_needs_a_public_page(client: Client) -> None:
    page = StandardPageFactory()
    OrganisationSettingsFactory(newsletter_heading="A monthly letter", newsletter_page=page)
    assert "A monthly letter" in text(client)
    page.unpublish()
    assert "A monthly letter" not in text(client)


def test_the_opening_picture_is_described(home: HomePage, client: Client) -> None:
    home.hero_image = CustomImageFactory(description="Two people at a table")
    home.save()
    picture = markup.read(client.get("/").content).find(class_="hero__picture")
    assert picture["alt"] == "Two people at a table"
    assert picture.get("loading") != "lazy"


def test_a_site_has_one_home_page() -> None:
    other = HomePageFactory()
    assert other.get_parent().is_root()
    assert HomePage.can_create_at(other.get_parent()) is False


def test_a_text_page_shows_courses_and_news(client: Client) -> None:
    course, draft = CoursePageFactory(title="Shown"), CoursePageFactory(title="Drafted", live=False)
    BlogIndexPageFactory()
    post = BlogPageFactory()
    page = StandardPageFactory(
        body=[
            {
                "type": "courses",
                "value": {"heading": "Where to begin", "courses": [course.pk, draft.pk, 99_999]},
            },
            {"type": "latest_news", "value": {"heading": "New", "topic": None, "count": 3}},
        ]
    )
    response = client.get(page.url)
    words = text(client, page.url)
    assert "Shown" in words
    assert post.title in words
    assert "Drafted" not in words
    assert markup.faults(response.content) == []
