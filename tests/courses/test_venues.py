"""A venue's access guide: what there is, what there is not, and what nobody has checked."""

import pytest
from bs4 import Tag
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, querydict_from_html, streamfield

from courses.models import Venue
from tests import markup
from tests.factories import (
    ContactPageFactory,
    CoursePageFactory,
    CourseRunFactory,
    CustomImageFactory,
    OrganisationSettingsFactory,
    UserFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db

MATTERS = {
    "parking": "Parking",
    "step_free": "Step-free way in",
    "hearing_loop": "Hearing loop",
    "toilet": "Accessible toilet",
    "changing_places": "Changing Places toilet",
    "quiet_room": "Quiet room",
}


def place(client: Client, venue: Venue) -> Tag:
    """The venue as a course's page shows it."""
    course = CourseRunFactory(venue=venue).course
    response = client.get(course.url)
    assert markup.faults(response.content) == []
    return markup.read(response.content).find(class_="venue")


def guide(shown: Tag) -> dict[str, str]:
    return {
        matter.dt.get_text(strip=True): " ".join(matter.dd.get_text(" ", strip=True).split())
        for matter in shown.find_all(class_="access__matter")
    }


@pytest.mark.parametrize("name", MATTERS)
@pytest.mark.parametrize(("is_there", "word"), [(True, "Yes"), (False, "No")])
def test_each_matter_says_yes_or_no(name: str, is_there: bool, word: str, client: Client) -> None:
    shown = place(client, VenueFactory(**{name: is_there}))
    assert guide(shown) == {MATTERS[name]: word}
    others = [label.lower() for key, label in MATTERS.items() if key != name]
    unknown = shown.find(class_="access__unknown").get_text()
    assert all(label in unknown for label in others)
    assert MATTERS[name].lower() not in unknown


def test_words_stand_beside_the_state(client: Client) -> None:
    venue = VenueFactory(
        transport_words="The bus stops at the door.",
        parking=False,
        parking_words="One Blue Badge bay.",
        quiet_room_words="Ask at the desk.",
    )
    assert guide(place(client, venue)) == {
        "Public transport": "The bus stops at the door.",
        "Parking": "No One Blue Badge bay.",
        "Quiet room": "Ask at the desk.",
    }
    assert [matter.text for matter in venue.access_guide] == [
        "Public transport: The bus stops at the door.",
        "Parking: no. One Blue Badge bay.",
        "Quiet room: Ask at the desk.",
    ]


def test_a_venue_that_nobody_has_checked_claims_nothing(client: Client) -> None:
    shown = place(client, VenueFactory(access="Light: even."))
    assert not shown.find(class_="access")
    assert "not checked" not in shown.get_text()
    assert "Light: even." in shown.get_text()


def test_a_venue_that_is_known_in_full_leaves_nothing_to_ask(client: Client) -> None:
    assert not place(client, VenueFactory(**dict.fromkeys(MATTERS, True))).find(
        class_="access__unknown"
    )


def test_what_is_not_known_leads_to_the_form(client: Client) -> None:
    contact = ContactPageFactory()
    OrganisationSettingsFactory(contact_page=contact)
    asked = place(client, VenueFactory(parking=True)).find(class_="access__unknown")
    assert asked.a["href"] == contact.url


def test_the_office_fills_in_the_guide() -> None:
    user = UserFactory()
    user.groups.add(Group.objects.get(name="Moderators"))
    office = Client()
    office.force_login(user)
    venue = VenueFactory(parking=True, access="Old words stay.")
    url = reverse("wagtailsnippets_courses_venue:edit", args=[venue.pk])
    form = markup.read(office.get(url).content).find("form", id="w-editor-form")
    data = querydict_from_html(str(form or office.get(url).content.decode())).copy()
    data.update(nested_form_data({"day": streamfield([])}))
    assert data["parking"] == "True"
    assert data["step_free"] == ""
    response = office.post(
        url,
        data | {"parking": "", "hearing_loop": "False", "hearing_loop_words": "We bring\r\none."},
    )
    assert response.status_code == 302, response.context["form"].errors
    venue.refresh_from_db()
    assert (venue.parking, venue.hearing_loop, venue.step_free) == (None, False, None)
    assert (venue.hearing_loop_words, venue.access) == ("We bring one.", "Old words stay.")


# What happens there


def moment(title: str, picture: object = None, **others: object) -> dict:
    value: dict = {"title": title, "text": f"{title}: somebody says hello."}
    if picture:
        value["image"] = {"image": picture.pk, "alt_text": "A green door", "decorative": False}
        value["image"] |= others
    return {"type": "moment", "value": value}


def test_a_venue_shows_what_happens_when_people_arrive(client: Client) -> None:
    picture = CustomImageFactory()
    venue = VenueFactory(day=[moment("At the door", picture), moment("In the room")])
    shown = place(client, venue)
    assert [item.h5.get_text() for item in shown.find_all(class_="moment")] == [
        "At the door",
        "In the room",
    ]
    assert [image["alt"] for image in shown.find_all("img")] == ["A green door"]
    assert "In the room: somebody says hello." in shown.get_text()


def test_a_decorative_picture_is_not_read_aloud(client: Client) -> None:
    day = [moment("At the door", CustomImageFactory(), decorative=True, alt_text="")]
    assert place(client, VenueFactory(day=day)).img["alt"] == ""


def test_a_deleted_picture_leaves_the_words(client: Client) -> None:
    picture = CustomImageFactory()
    venue = VenueFactory(day=[moment("At the door", picture)])
    picture.delete()
    shown = place(client, venue)
    assert "At the door" in shown.get_text()
    assert not shown.find("img")


def test_a_course_shows_what_happens_on_the_day(client: Client) -> None:
    course = CoursePageFactory(day=[moment("Breaks", CustomImageFactory()), moment("Quiet")])
    page = markup.read(client.get(course.url).content)
    section = page.find(id="the-day").find_parent("section")
    assert [item.h3.get_text() for item in section.find_all(class_="moment")] == [
        "Breaks",
        "Quiet",
    ]
    assert not page.find(class_="venue")


def test_without_moments_there_is_no_such_part(client: Client) -> None:
    page = markup.read(client.get(CourseRunFactory().course.url).content)
    assert not page.find(id="the-day")
    assert not page.find(class_="moments")


def test_the_pictures_of_all_venues_come_in_one_query(client: Client) -> None:
    course = CoursePageFactory(day=[moment("Breaks", CustomImageFactory())])
    for name in ("Hall", "Library"):
        venue = VenueFactory(name=name, day=[moment(name, CustomImageFactory())])
        CourseRunFactory(course=course, venue=venue)
    client.get(course.url)
    with CaptureQueriesContext(connection) as captured:
        page = markup.read(client.get(course.url).content)
    assert [query["sql"].count('FROM "base_customimage"') for query in captured].count(1) == 1
    venues = page.find_all(class_="venue")
    assert [venue.find(class_="moment").h5.get_text() for venue in venues] == ["Hall", "Library"]
    assert len(page.find_all(class_="moment__picture")) == 3
