"""Trainers and experts by experience, side by side."""

import pytest
from django.test import Client

from tests import markup
from tests.factories import (
    CustomImageFactory,
    PeopleIndexPageFactory,
    PersonPageFactory,
    make_private,
)

pytestmark = pytest.mark.django_db


def cards(client: Client) -> list:
    return markup.read(client.get("/our-people/").content).main.find_all(class_="person")


def test_everybody_stands_in_the_order_of_the_tree(client: Client) -> None:
    first, second = PersonPageFactory(title="Zoe"), PersonPageFactory(title="Amina")
    PersonPageFactory(title="In a draft", live=False)
    make_private(PersonPageFactory(title="In private"))
    assert [card.a.get_text() for card in cards(client)] == ["Zoe", "Amina"]
    second.move(first, pos="left")
    assert [card.a.get_text() for card in cards(client)] == ["Amina", "Zoe"]


def test_both_kinds_of_expertise_are_shown_alike(client: Client) -> None:
    for kind in ("learned", "lived"):
        PersonPageFactory(kind_of_expertise=kind, photo=CustomImageFactory())
    one, other = cards(client)

    def shape(card: object) -> list:
        return [(tag.name, tag.get("class")) for tag in card.find_all(True)]

    assert shape(one) == shape(other)
    assert "Expert by training and work" in one.get_text()
    assert "Expert by experience" in other.get_text()


@pytest.mark.parametrize("is_sample", [True, False])
def test_a_sample_says_so_everywhere(is_sample: bool, client: Client) -> None:
    person = PersonPageFactory(is_sample=is_sample)
    for url in (person.url, "/our-people/", "/search/?q=trainer"):
        assert ("Sample person" in client.get(url).content.decode()) is is_sample, url


def test_people_are_named_as_they_wish(client: Client) -> None:
    person = PersonPageFactory(title="Sam", pronouns="they/them", role="Co-trainer <3")
    text = markup.read(client.get(person.url).content).main.get_text()
    for words in ("Sam", "they/them", "Co-trainer <3"):
        assert words in text


def test_an_empty_index_is_still_a_page(client: Client) -> None:
    PeopleIndexPageFactory()
    response = client.get("/our-people/")
    assert response.status_code == 200
    assert markup.faults(response.content) == []
