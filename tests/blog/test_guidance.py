"""The trust label: news about guidance says whose it is, where it applies and whether it holds."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from tests import markup
from tests.factories import BlogPageFactory

pytestmark = pytest.mark.django_db

LABEL = {
    "is_guidance": True,
    "guidance_source": "Care Quality Commission, Regulation 18",
    "guidance_url": "https://www.cqc.org.uk/",
    "in_england": True,
    "checked_on": dt.date(2026, 3, 1),
    "meaning": "<p>Check your rota.</p>",
}


def test_other_news_needs_no_label(client: Client) -> None:
    post = BlogPageFactory()
    post.full_clean()
    assert not markup.read(client.get(post.url).content).find(class_="trust")


@pytest.mark.parametrize(
    ("field", "empty"),
    [
        ("guidance_source", ""),
        ("guidance_url", ""),
        ("in_england", False),
        ("checked_on", None),
        ("meaning", "<p> </p>"),
    ],
)
def test_guidance_needs_its_whole_label_when_published(field: str, empty: object) -> None:
    post = BlogPageFactory()
    for name, value in (LABEL | {field: empty}).items():
        setattr(post, name, value)
    with pytest.raises(ValidationError) as refused:
        post.full_clean()
    assert list(refused.value.message_dict) == [field]


def test_nobody_has_checked_it_tomorrow() -> None:
    post = BlogPageFactory(**LABEL)
    post.checked_on = timezone.localdate() + dt.timedelta(days=1)
    with pytest.raises(ValidationError, match="still to come"):
        post.full_clean()


@pytest.mark.parametrize(
    ("nations", "words"),
    [
        (["in_england"], "England"),
        (["in_england", "in_wales"], "England and Wales"),
        (["in_england", "in_scotland", "in_wales"], "England, Scotland and Wales"),
        (
            ["in_england", "in_scotland", "in_wales", "in_northern_ireland"],
            "All of the United Kingdom",
        ),
    ],
)
def test_the_label(nations: list[str], words: str, client: Client) -> None:
    post = BlogPageFactory(**LABEL | {"in_england": False} | dict.fromkeys(nations, True))
    response = client.get(post.url)
    assert not markup.faults(response.content)
    label = markup.read(response.content).find(class_="trust__label")
    facts = {fact.dt.get_text(): fact.dd.get_text(strip=True) for fact in label.select("dl > div")}
    assert facts == {
        "Source": "Care Quality Commission, Regulation 18",
        "Applies in": words,
        "Last checked": "1 March 2026",
    }
    assert label.a["href"] == "https://www.cqc.org.uk/"
    assert "Check your rota." in label.get_text()


def test_a_superseded_post_says_so_at_its_top_in_lists_and_in_search(client: Client) -> None:
    newer = BlogPageFactory(title="The new rule")
    older = BlogPageFactory(title="The old rule", superseded_by=newer)
    main = markup.read(client.get(older.url).content).main
    note = main.find(class_="trust__superseded")
    assert "out of date" in note.get_text()
    assert note.a["href"] == newer.url
    for address in ("/blog/", "/search/?q=rule"):
        page = markup.read(client.get(address).content)
        marks = {
            card.find(class_="card__title").get_text(strip=True): bool(
                card.find(class_="card__mark")
            )
            for card in page.find_all(class_="card")
            if not card.find_parent(class_="found__related")
        }
        assert marks == {"The new rule": False, "The old rule": True}


def test_a_successor_that_is_gone_is_not_linked(client: Client) -> None:
    newer = BlogPageFactory()
    older = BlogPageFactory(superseded_by=newer)
    newer.unpublish()
    note = markup.read(client.get(older.url).content).find(class_="trust__superseded")
    assert note.a is None
    newer.delete()
    older.refresh_from_db()
    assert not older.is_superseded


def test_a_post_does_not_supersede_itself() -> None:
    post = BlogPageFactory()
    post.superseded_by = post
    with pytest.raises(ValidationError, match="cannot replace itself"):
        post.full_clean()
