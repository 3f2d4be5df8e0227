"""What is looked up for words that mean something together."""

import pytest
from django.test import Client

from search.models import Synonym
from search.services import Request, find
from search.vocabulary import Vocabulary
from tests import markup
from tests.factories import BlogPageFactory, StandardPageFactory

pytestmark = pytest.mark.django_db


def titles(text: str) -> list[str]:
    return [score.entry.title for score in find(Request(text)).scores]


def test_words_with_synonyms_together_keep_each_its_own() -> None:
    Synonym.objects.create(word="heather quillwort", means="fern")
    Synonym.objects.create(word="quillwort", means="moss")
    other_words = StandardPageFactory(title="A fern").title
    apart = StandardPageFactory(title="Heather on top of moss").title
    StandardPageFactory(title="Heather alone")
    # What says one of the two alone follows what says both.
    assert set(titles("heather quillwort")[:2]) == {other_words, apart}


def test_other_words_may_hold_a_hyphen() -> None:
    Synonym.objects.create(word="heather", means="moss fern-ivy pen")
    found = StandardPageFactory(title="A moss fern-ivy pen").title
    assert titles("heather") == [found]


def test_other_words_are_found_as_staff_write_them_however_rare_these_forms() -> None:
    Synonym.objects.create(word="heather", means="personal protective equipment")
    found = StandardPageFactory(title="Personal protective equipment").title
    for title in ("One", "Two"):
        StandardPageFactory(
            title=title,
            intro="person. persons. personally. protect. protects. protected. protection. equip. "
            "equips. equipped. equipping.",
        )
    assert titles("heather") == [found]


def test_the_same_beats_the_wider() -> None:
    Synonym.objects.create(word="heather", means="moss")
    Synonym.objects.create(word="heathers", means="fern", both_ways=False)
    same = StandardPageFactory(title="One moss").title
    wider = StandardPageFactory(title="Two fern").title
    assert titles("heather") == [same, wider]


def test_a_word_of_the_same_family_is_found_below_the_word_itself() -> None:
    related = StandardPageFactory(title="One inspector").title
    itself = StandardPageFactory(title="Two inspections").title
    assert titles("inspection") == [itself, related]
    assert titles("inspector") == [related, itself]


def test_a_word_of_the_same_family_is_no_slip() -> None:
    StandardPageFactory(title="Epilepsy")
    assert find(Request("epileptic")).query.corrections == {}


def test_two_things_that_share_a_word_are_two() -> None:
    Synonym.objects.create(word="heather moss", means="fern")
    Synonym.objects.create(word="heather rock", means="ivy")
    StandardPageFactory(title="A fern on ivy")
    [found] = find(Request("heather moss heather rock")).scores
    assert len(found.words) == 4
    assert found.coverage == 1


def test_a_word_with_small_ones_says_nothing_alone() -> None:
    Synonym.objects.create(word="over the heather", means="fern")
    found = StandardPageFactory(title="A fern").title
    StandardPageFactory(title="Heather")
    assert titles("over the heather") == [found]


def test_small_words_alone_can_mean_something() -> None:
    Synonym.objects.create(word="having a say", means="fern")
    found = StandardPageFactory(title="A fern").title
    assert titles("how can they be having a say") == [found]


def test_what_is_written_as_one_word_is_not_torn() -> None:
    Synonym.objects.create(word="post-heather moss", means="fern")
    fern = StandardPageFactory(title="A fern").title
    StandardPageFactory(title="The post brought moss")
    assert titles("post-heather moss")[0] == fern
    Synonym.objects.create(word="rock plant", means="ivy")
    StandardPageFactory(title="An ivy")
    assert titles('rock "plant quillwort"') == []


def test_a_phrase_with_small_words_counts_where_it_stands() -> None:
    Synonym.objects.create(word="duty of heather", means="moss")
    apart = StandardPageFactory(title="One", intro="Of this duty; and that heather.").title
    together = StandardPageFactory(title="Two", intro="This is our duty of heather.").title
    StandardPageFactory(title="Three", intro="Of this duty; and that heather.")
    assert titles("what is the duty of heather")[0] == together
    assert apart in titles("what is the duty of heather")


def test_small_words_take_no_room_from_those_that_say_something() -> None:
    found = StandardPageFactory(title="Moss").title
    assert titles("what do i do if one of us here is told that they have no more moss") == [found]


def test_other_words_are_marked_only_where_they_stand_together(client: Client) -> None:
    Synonym.objects.create(word="quillwort", means="moss that grows in care")
    BlogPageFactory(title="One", intro="Care for moss that grows in care.")
    page = markup.read(client.get("/search/", {"q": "quillwort"}).content)
    [excerpt] = page.select(
        ".found__excerpt, .results__excerpt, article p:has(mark), li p:has(mark)"
    )
    marked = " ".join(mark.get_text() for mark in excerpt.find_all("mark"))
    assert marked == "moss that grows in care"


def test_who_asks_meanwhile_keeps_the_words_they_began_with() -> None:
    StandardPageFactory(title="Heather")
    before = Vocabulary.current()
    StandardPageFactory(title="Heathers and moss")
    after = Vocabulary.current()
    assert (before.count(("heather",)), after.count(("heather",))) == (1, 2)
    assert before.synonyms == after.synonyms
    Synonym.objects.create(word="fern", means="moss")
    assert ("fern",) in Vocabulary.current().synonyms
    assert ("fern",) not in after.synonyms
