"""Robots are kept out, and people are not."""

import datetime as dt
import random
from collections.abc import Callable

import pytest
from django.db.models import F
from django.test import Client

from blog.comments import spam
from blog.comments.models import Comment, CommentSettings
from blog.comments.services.submit import SPAM_A_DAY
from blog.models import BlogPage
from tests.blog.comments import people
from tests.blog.comments.visitor import send
from tests.factories import CommentFactory

SEED = 20190503
MAX_SHARE_OF_PEOPLE_REFUSED = 0.005
MAX_SHARE_OF_ROBOTS_HELD = 0.03


def judged(text: str, name: str = "Sam") -> str:
    verdict = spam.judge(name, text)
    if verdict.is_robot:
        return "spam"
    if verdict.errors:
        return "refused"
    return "held" if verdict.reasons else "fine"


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("We tried this on our night shift.", "fine"),
        ("See https://www.nhs.uk/ for more.", "held"),
        ("See nhs.uk for more.", "held"),
        ("https://a.example https://b.example c.com", "refused"),
        ("Ring 07700 900123", "held"),
        ("THIS IS EXACTLY WHAT I MEAN, PLEASE READ IT AGAIN", "held"),
        ("Дякую, це дуже допомогло моїй родині", "held"),
        ("Дякую https://a.example", "spam"),
        ("Best casino https://a.example", "spam"),
        ("Дякую https://www.nhs.uk/", "held"),
        ("Best casino https://www.nhs.uk.a.example/", "spam"),
        ("Best casino https://a.example/?www.nhs.uk", "spam"),
        ("My uncle lost everything in a casino.", "held"),
        ("[url=https://a.example]x[/url]", "spam"),
        ("Nooooooooooooooo", "refused"),
        ("Nooooo", "fine"),
        ("-" * 40 + " well", "fine"),
        ("he takes xanax and his doctor knows the price of it", "held"),
        ("buy v\u200biagra online at the casino", "spam"),
    ],
)
def test_what_becomes_of_a_text(text: str, becomes: str) -> None:
    assert judged(text) == becomes


@pytest.mark.parametrize("text", people.OFTEN_MISTAKEN)
def test_people_who_warn_of_robots_are_none(text: str) -> None:
    assert judged(text) in ("fine", "held")


def test_a_name_is_judged_as_well() -> None:
    assert judged("Words enough.", "cheap-shoes.com") == "refused"
    assert judged("Words enough. https://a.example", "cheap-shoes.com") == "spam"
    assert judged("Words enough.", "Casino bonus") == "held"
    assert judged("Words enough.", "mary@example.org") != "fine"


def test_the_same_words_have_the_same_fingerprint() -> None:
    text = "I really enjoyed reading this and I will come back for more."
    assert spam.fingerprint(text) == spam.fingerprint(text.upper().replace(" ", " \n") + "!!")
    assert spam.fingerprint(text) != spam.fingerprint(text + " Tom")
    assert spam.fingerprint("Thank you for this!") == ""


@pytest.mark.slow
@pytest.mark.django_db
def test_no_robot_is_published(
    post: BlogPage,
    rules: CommentSettings,
    client: Client,
    rounds: Callable[[int, int], int],
) -> None:
    CommentSettings.objects.update(lets_known_people_through=True)
    dice = random.Random(SEED)  # noqa: S311
    known = [CommentFactory(page=post, name=f"Reader {n}") for n in range(20)]
    for comment in known:
        comment.text += " And it made everybody who was there laugh out loud."
        comment.fingerprint = spam.fingerprint(comment.text)
        comment.save()
    before = Comment.objects.count()
    texts = [comment.text for comment in known]
    count = rounds(650, 5000)
    for robot in people.bots(count, texts, dice):
        token = people.form_token(post, robot)
        assert send(client, post, token=token, **robot).status_code in (200, 302)
    kept = Comment.objects.exclude(pk__in=[comment.pk for comment in known])
    published, held, suspected = (
        found.count() for found in (kept.approved(), kept.waiting(), kept.suspected())
    )
    print(f"{count} robots: {published} published, {held} held, {suspected} kept as spam")
    assert published == 0
    assert held <= max(60, count * MAX_SHARE_OF_ROBOTS_HELD)
    assert 0 < suspected <= SPAM_A_DAY
    assert Comment.objects.count() - before == held + suspected


@pytest.mark.slow
@pytest.mark.django_db
def test_people_are_not_refused(
    post: BlogPage, client: Client, rounds: Callable[[int, int], int]
) -> None:
    dice = random.Random(SEED)  # noqa: S311
    assert len(people.SENTENCES) >= 60
    count = rounds(200, 500)
    refused = []
    for person in people.people(count, dice):
        before = Comment.objects.waiting().count()
        token = people.form_token(post, person)
        send(client, post, token=token, **person)
        if Comment.objects.waiting().count() == before:
            refused.append(person)
        # A quarter of an hour goes by until the next one comes.
        past = F("created_at") - dt.timedelta(minutes=15)
        Comment.objects.update(created_at=past)
    asked = Comment.objects.exclude(held_for=[]).count()
    print(f"{count} people: {len(refused)} refused, {asked} with something to look at")
    assert len(refused) <= count * MAX_SHARE_OF_PEOPLE_REFUSED, refused
