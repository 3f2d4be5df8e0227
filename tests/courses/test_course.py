"""One course: what it costs, how long it takes, how it is given, and when."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import Page

from courses.models import CoursePage, CourseRun, CourseTrainer
from tests import editor, markup
from tests.factories import (
    CareCertificateStandardFactory,
    ContactPageFactory,
    CourseIndexPageFactory,
    CoursePageFactory,
    CourseRunFactory,
    CustomImageFactory,
    OrganisationSettingsFactory,
    PersonPageFactory,
    StandardPageFactory,
    VenueFactory,
    make_private,
)

pytestmark = pytest.mark.django_db

Vat = CoursePage.Vat

# What is worked out from the numbers


@pytest.mark.parametrize(
    ("price", "vat", "text"),
    [
        (None, Vat.ADDED, "Ask us"),
        ("0", Vat.ADDED, "Free"),
        ("0.00", Vat.EXEMPT, "Free"),
        ("145", Vat.ADDED, "£145 plus VAT"),
        ("145.00", Vat.INCLUDED, "£145 including VAT"),
        ("145.50", Vat.EXEMPT, "£145.50, no VAT"),
        ("0.01", Vat.ADDED, "£0.01 plus VAT"),
        ("1234.5", Vat.ADDED, "£1,234.50 plus VAT"),
        ("99999.99", Vat.INCLUDED, "£99,999.99 including VAT"),
    ],
)
def test_the_price_in_words(price: str | None, vat: str, text: str) -> None:
    assert CoursePage(price=price and Decimal(price), vat=vat).price_text == text


@given(st.decimals(min_value=0, max_value=99_999, places=2), st.sampled_from(Vat.values))
def test_every_price_says_its_pounds_and_its_vat(price: Decimal, vat: str) -> None:
    text = CoursePage(price=price, vat=vat).price_text
    if not price:
        assert text == "Free"
        return
    assert "VAT" in text
    pounds = text.removeprefix("£").split(" ")[0].rstrip(",").replace(",", "")
    assert Decimal(pounds) == price


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (15, "15 minutes"),
        (60, "1 hour"),
        (61, "1 hour 1 minute"),
        (90, "1 hour 30 minutes"),
        (360, "6 hours"),
        (60_000, "1000 hours"),
    ],
)
def test_the_length_in_words(minutes: int, text: str) -> None:
    assert CoursePage(duration_minutes=minutes).length_text == text


@given(st.integers(min_value=1, max_value=60_000))
def test_every_length_adds_up(minutes: int) -> None:
    words = CoursePage(duration_minutes=minutes).length_text.split()
    parts = dict(zip(words[1::2], map(int, words[::2]), strict=True))
    units = {"hour": 60, "hours": 60, "minute": 1, "minutes": 1}
    assert sum(number * units[unit] for unit, number in parts.items()) == minutes
    assert all(unit.endswith("s") is (number != 1) for unit, number in parts.items())


@pytest.mark.parametrize(
    ("in_person", "online", "in_house", "text"),
    [
        (True, False, False, "In person"),
        (False, True, False, "Online"),
        (False, False, True, "In-house"),
        (True, True, False, "In person or online"),
        (True, True, True, "In person, online or in-house"),
        (False, True, True, "Online or in-house"),
        (False, False, False, ""),
    ],
)
def test_the_ways_in_words(in_person: bool, online: bool, in_house: bool, text: str) -> None:
    course = CoursePage(in_person=in_person, online=online, in_house=in_house)
    assert course.delivery_text == text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("price", Decimal("-0.01")),
        ("price", Decimal("1e9")),
        ("price", Decimal("1.005")),
        ("cpd_hours", Decimal(-1)),
        ("duration_minutes", 0),
        ("duration_minutes", 60_001),
        ("level", "expert"),
        ("vat", "none"),
        ("summary", ""),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(field: str, value: object) -> None:
    course = CoursePageFactory()
    setattr(course, field, value)
    with pytest.raises(ValidationError) as refused:
        course.full_clean()
    assert field in refused.value.message_dict


@pytest.mark.parametrize(
    ("field", "typed"),
    [("price", "-5"), ("price", "a lot"), ("duration_minutes", "-1"), ("cpd_hours", "-0.5")],
)
def test_the_editor_says_so_beside_the_field_and_keeps_the_rest(
    field: str, typed: str, admin: Client
) -> None:
    course = CoursePageFactory()
    url = editor.edit_url(course)
    data = editor.form_data(admin, url, CoursePage, title="A better title", **{field: typed})
    response = admin.post(url, data | {"action-publish": "1"})
    assert response.status_code == 200
    page = markup.read(response.content)
    assert page.find("input", {"name": field})["value"] == typed
    assert page.find("input", {"name": "title"}) or page.find("textarea", {"name": "title"})
    assert "A better title" in response.content.decode()
    assert response.context["form"].errors[field]
    error = page.find(id=f"panel-child-content-{field}-errors") or page.find(class_="error-message")
    assert error
    course.refresh_from_db()
    assert course.title != "A better title"


# The page


def test_what_is_empty_is_not_there(client: Client) -> None:
    course = CoursePageFactory(price=None, in_person=False)
    text = markup.read(client.get(course.url).content).main.get_text()
    for heading in (
        "Who it is for",
        "What you will be able to do",
        "The programme",
        "Before you come",
        "What to bring",
        "Care Certificate",
        "Earlier dates",
        "Planned and delivered by",
        "How it is given",
        "CPD",
        "Where it happens",
        "Tell us",
    ):
        assert heading not in text
    assert "Ask us" in text
    assert "No dates just now" in text


def test_a_text_that_was_emptied_leaves_no_heading(client: Client) -> None:
    course = CoursePageFactory(audience='<p data-block-key="a1b2c"></p>')
    assert "Who it is for" not in client.get(course.url).content.decode()


def test_without_dates_visitors_can_ask_for_some(client: Client) -> None:
    contact = ContactPageFactory()
    OrganisationSettingsFactory(contact_page=contact)
    empty = markup.read(client.get(CoursePageFactory().url).content).find(class_="empty")
    assert "let you know first" in empty.get_text()
    assert empty.a["href"] == contact.url


def test_what_is_written_is_there(client: Client) -> None:
    course = CoursePageFactory(
        audience="<p>People who support others.</p>",
        outcomes=[{"type": "outcome", "value": "Explain the five principles"}],
        programme=[
            {"type": "session", "value": {"time": "13:30", "title": "In pairs", "text": "Ask."}}
        ],
        prerequisites="Nothing.",
        what_to_bring="Yourself.",
        cpd_hours=Decimal("6.0"),
        price_note="Family carers pay half.",
        trainers=[PersonPageFactory(title="Amina", kind_of_expertise="lived")],
        care_certificate_standards=[CareCertificateStandardFactory(number=9, name="Awareness")],
        image=CustomImageFactory(description="Two people talk"),
        body=[{"type": "paragraph", "value": "<p>And more.</p>"}],
    )
    page = markup.read(client.get(course.url).content)
    text = " ".join(page.main.get_text(" ").split())
    for words in (
        "People who support others.",
        "Explain the five principles",
        "1:30pm",
        "In pairs",
        "Nothing.",
        "Yourself.",
        "6 hours",
        "Family carers pay half.",
        "Amina",
        "Expert by experience",
        "Standard 9: Awareness",
        "And more.",
    ):
        assert words in text
    assert page.main.find("img", alt="Two people talk")
    assert markup.faults(str(page)) == []


def test_a_trainer_without_a_public_page_is_not_named(client: Client) -> None:
    gone = PersonPageFactory(title="Somebody who left")
    course = CoursePageFactory(trainers=[gone])
    gone.unpublish()
    assert "Somebody who left" not in client.get(course.url).content.decode()


@pytest.mark.parametrize("hidden", ["the person", "everybody"])
def test_a_trainer_whose_page_is_private_is_not_named(hidden: str, client: Client) -> None:
    person = PersonPageFactory(title="Somebody shy")
    course = CoursePageFactory(trainers=[person])
    assert "Somebody shy" in client.get(course.url).content.decode()
    make_private(person if hidden == "the person" else person.get_parent())
    assert "Somebody shy" not in client.get(course.url).content.decode()


def test_trainers_stand_in_the_order_that_staff_gave_them(client: Client) -> None:
    people = [PersonPageFactory(title=title) for title in ("Zoe", "Amina", "Marek")]
    course = CoursePageFactory(trainers=people)
    course.trainers = [
        CourseTrainer(person=person, sort_order=order)
        for order, person in zip((2, 0, 1), people, strict=True)
    ]
    draft = course.save_revision().as_object()
    assert [person.title for person in draft.trainer_pages] == ["Amina", "Marek", "Zoe"]
    course.save()
    text = markup.read(client.get(course.url).content).main.get_text()
    assert text.index("Amina") < text.index("Marek") < text.index("Zoe")


# Where it happens


def test_a_place_says_how_to_find_it_and_how_to_get_in(client: Client) -> None:
    venue = VenueFactory(
        name="The Old Printworks",
        address="41 Ink Street\nBristol",
        postcode="ZZ99 3VB",
        directions="Ten minutes from the station.",
        access="Way in: level.\n\nHearing: a loop.",
        map_url="https://www.openstreetmap.org/node/1",
    )
    course = CourseRunFactory(venue=venue).course
    CourseRunFactory(course=course, venue=venue, in_days=40)
    response = client.get(course.url)
    page = markup.read(response.content)
    (place,) = page.find_all(class_="venue")
    assert place.h3.get_text() == "The Old Printworks"
    assert list(place.find(class_="venue__address").stripped_strings) == [
        "41 Ink Street",
        "Bristol",
        "ZZ99 3VB",
    ]
    assert "Ten minutes from the station." in place.get_text()
    assert [line.get_text() for line in place.find_all("li")] == [
        "Way in: level.",
        "Hearing: a loop.",
    ]
    assert place.a["href"] == venue.map_url
    assert place.a.get_text() == "Map of The Old Printworks, on openstreetmap.org"
    assert markup.faults(response.content) == []


def test_of_a_place_only_what_is_known_is_shown(client: Client) -> None:
    course = CourseRunFactory().course
    place = markup.read(client.get(course.url).content).find(class_="venue")
    assert [heading.name for heading in place.find_all(markup.HEADINGS)] == ["h3"]
    assert not place.find_all(["a", "ul"])


def test_only_places_of_dates_to_come_are_shown_the_next_first(client: Client) -> None:
    course = CoursePageFactory()
    for name, days in (("Late", 60), ("Past", -5), ("Soon", 5)):
        CourseRunFactory(course=course, in_days=days, venue__name=name)
    CourseRunFactory(course=course, online=True)
    page = markup.read(client.get(course.url).content)
    assert [place.h3.get_text() for place in page.find_all(class_="venue")] == ["Soon", "Late"]


def test_a_course_that_is_only_online_has_no_place(client: Client) -> None:
    course = CourseRunFactory(online=True).course
    assert "Where it happens" not in client.get(course.url).content.decode()


# A draft


def test_a_draft_needs_a_title_and_publication_the_rest(admin: Client) -> None:
    index = CourseIndexPageFactory()
    url = editor.add_url(CoursePage, index)
    data = editor.form_data(admin, url, CoursePage, title="Care at night", slug="care-at-night")
    assert "duration_minutes" in data
    json = {"accept": "application/json"}
    response = admin.post(url, data, headers=json)
    assert response.status_code == 200, response.content
    course = CoursePage.objects.get()
    assert (course.summary, course.duration_minutes, course.live) == ("", None, False)
    url = editor.edit_url(course)
    assert admin.post(url, data, headers=json).status_code == 200
    response = admin.post(url, data | {"action-publish": "1"})
    page = markup.read(response.content)
    for field in ("summary", "duration_minutes"):
        assert response.context["form"].errors[field] == ["This field is required."]
        errors = (
            page.find(id=f"id_{field}")
            .find_parent(class_="w-field")
            .find_all(class_="error-message")
        )
        assert "This field is required." in errors[0].get_text()
    course.refresh_from_db()
    assert not course.live
    preview = course.make_preview_request(admin.get("/").wsgi_request)
    assert preview.status_code == 200
    assert "Length" not in preview.rendered_content


# A course that people may have booked stays


def test_a_course_with_dates_is_not_deleted_and_says_why(admin: Client) -> None:
    run = CourseRunFactory()
    url = reverse("wagtailadmin_pages:delete", args=[run.course.pk])
    for response in (admin.get(url, follow=True), admin.post(url, follow=True)):
        assert "still has dates" in response.content.decode()
    assert CourseRun.objects.filter(pk=run.pk).exists()
    assert CoursePage.objects.filter(pk=run.course.pk).exists()


def test_neither_is_what_stands_above_it(admin: Client) -> None:
    run = CourseRunFactory()
    index = run.course.get_parent()
    response = admin.post(reverse("wagtailadmin_pages:delete", args=[index.pk]), follow=True)
    assert "still has dates" in response.content.decode()
    assert CoursePage.objects.filter(pk=run.course.pk).exists()


def bulk_delete(*pages: Page) -> str:
    """The address at which staff delete several pages at once."""
    ids = "&".join(f"id={page.pk}" for page in pages)
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    return f"{url}?{ids}&next=/admin/"


def test_nor_among_many(admin: Client) -> None:
    run = CourseRunFactory()
    other = CoursePageFactory()
    url = bulk_delete(other, run.course)
    for response in (admin.get(url, follow=True), admin.post(url, follow=True)):
        text = response.content.decode()
        assert "still has dates" in text
        assert "permission" not in text
    assert CoursePage.objects.filter(pk__in=[run.course.pk, other.pk]).count() == 2


def test_nor_with_many_above_it(admin: Client) -> None:
    run = CourseRunFactory()
    url = bulk_delete(run.course.get_parent(), StandardPageFactory())
    response = admin.post(url, follow=True)
    assert "still has dates" in response.content.decode()
    assert CoursePage.objects.filter(pk=run.course.pk).exists()


def test_a_course_without_dates_can_go(admin: Client) -> None:
    course = CoursePageFactory()
    admin.post(reverse("wagtailadmin_pages:delete", args=[course.pk]))
    assert not CoursePage.objects.filter(pk=course.pk).exists()


def test_going_back_to_an_older_text_keeps_the_dates(admin: Client) -> None:
    course = CoursePageFactory(title="As it was")
    first = course.save_revision()
    run = CourseRunFactory(course=course)
    course.title = "As it is"
    course.save_revision().publish()
    first.publish()
    course.refresh_from_db()
    assert course.title == "As it was"
    assert list(course.runs.all()) == [run]


# The catalogue


def listed(client: Client, address: str = "/courses/") -> list[str]:
    page = markup.read(client.get(address).content)
    return [title.get_text() for title in page.select(".listing .card__title")]


def test_the_catalogue_begins_with_the_next_date(client: Client) -> None:
    for title in ("B without a date", "A without a date"):
        CoursePageFactory(title=title)
    CourseRunFactory(course__title="Only long ago", in_days=-5)
    CourseRunFactory(course__title="In two months", in_days=60)
    soon = CourseRunFactory(course__title="Soon", in_days=1).course
    CourseRunFactory(course=soon, in_days=90)
    assert listed(client) == [
        "Soon",
        "In two months",
        "A without a date",
        "B without a date",
        "Only long ago",
    ]


def test_a_card_says_the_next_date_the_length_and_the_price(client: Client) -> None:
    run = CourseRunFactory(online=True)
    CourseRunFactory(course=run.course, in_days=-7)
    card = markup.read(client.get("/courses/").content).find(class_="card")
    text = " ".join(card.get_text(" ").split())
    assert "6 hours" in text
    assert "£145 plus VAT" in text
    assert "Online" in text
    assert card.time["datetime"] == f"{run.start:%Y-%m-%d}"


@pytest.mark.parametrize("slug", ["nothing", "%00", "'"])
def test_an_unknown_topic_is_not_found(slug: str, client: Client) -> None:
    CourseIndexPageFactory()
    assert client.get("/courses/").status_code == 200
    assert client.get(f"/courses/?topic={slug}").status_code == 404


def test_an_empty_catalogue_says_what_to_do(client: Client) -> None:
    CourseIndexPageFactory()
    assert "No courses just now" in client.get("/courses/").content.decode()
