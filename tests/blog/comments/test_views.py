"""The public door: write, be understood, lose nothing, be kept once."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from blog.comments.models import Comment, CommentSettings, Report
from blog.models import BlogPage
from tests import markup
from tests.blog.comments.visitor import answers, form_url, send, token
from tests.factories import BlogPageFactory, CommentFactory, make_private

pytestmark = pytest.mark.django_db
State = Comment.State


def text_of(client: Client, url: str) -> str:
    return " ".join(markup.read(client.get(url).content).main.get_text(" ").split())


# Writing


def test_a_comment_waits_until_somebody_read_it(
    post: BlogPage, rules: CommentSettings, client: Client
) -> None:
    response = send(client, post)
    assert response.status_code == 302
    comment = Comment.objects.get()
    assert (comment.state, comment.name, comment.email) == (
        State.WAITING,
        "Sam Hill",
        "sam@example.org",
    )
    assert "keep your e-mail address" in comment.consent
    assert "reads it before others see it" in text_of(client, response["Location"])
    assert comment.text not in text_of(client, post.url)


def test_an_approved_comment_is_shown_without_its_address(post: BlogPage, client: Client) -> None:
    comment = CommentFactory(page=post)
    html = client.get(post.url).content.decode()
    assert comment.name in html
    assert comment.text in html
    assert comment.email not in html
    assert markup.faults(html) == []


@pytest.mark.parametrize("state", [State.WAITING, State.REJECTED, State.SPAM])
def test_nothing_else_is_shown(state: str, post: BlogPage, client: Client) -> None:
    comment = CommentFactory(page=post, state=state)
    assert comment.text not in client.get(post.url).content.decode()


def test_the_post_carries_nothing_of_one_visitor(post: BlogPage, client: Client) -> None:
    CommentFactory(page=post)
    response = client.get(post.url)
    assert not response.cookies
    assert "csrfmiddlewaretoken" not in response.content.decode()


def test_the_form_is_never_kept_by_a_cache(post: BlogPage, client: Client) -> None:
    response = client.get(form_url(post))
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"
    assert markup.faults(response.content) == []
    assert "* Required" in text_of(client, form_url(post))


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", "", "the name you go by"),
        ("name", " \u200b. ", "the name you go by"),
        ("name", "www.cheap.example", "without an address"),
        ("email", "", "It is never shown"),
        ("email", "sam(at)example", "no complete e-mail address"),
        ("text", "", "Please write your comment"),
        ("text", "a" * 3001, "3000"),
        ("text", "See https://a.example, https://b.example and https://c.example", "two links"),
        ("text", "so good " * 12, "repeats itself"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(
    field: str, value: str, says: str, post: BlogPage, client: Client
) -> None:
    sent = answers(post, wants_replies="on") | {field: value}
    response = client.post(form_url(post), sent)
    assert response.status_code == 200
    assert not Comment.objects.exists()
    form = markup.read(response.content).main.find("form", method="post")
    assert says in form.find(id=f"id_{field}_error").get_text()
    kept = {tag["name"]: tag.get("value") for tag in form.find_all("input")}
    kept["text"] = form.find("textarea").get_text().removeprefix("\n")
    for name in ("name", "email", "text", "token"):
        assert (kept[name] or "").strip() == sent[name].strip()
    assert form.find("input", {"name": "wants_replies"}).has_attr("checked")
    assert markup.faults(response.content) == []


def test_what_is_kept_is_plain_text(post: BlogPage, client: Client) -> None:
    text = "A <b>bold</b> claim\r\n\r\nSee https://example.org/a?b=1&c=2.\nSecond \x0bline\u202e"
    send(client, post, name="  Sam \u202e Hill ", text=text)
    comment = Comment.objects.get()
    assert comment.name == "Sam Hill"
    Comment.objects.update(state=State.APPROVED)
    shown = markup.read(client.get(post.url).content).find(class_="comment__text")
    assert [p.get_text() for p in shown.find_all("p")] == [
        "A <b>bold</b> claim",
        "See https://example.org/a?b=1&c=2.Second line",
    ]
    [link] = shown.find_all("a")
    assert link["href"] == "https://example.org/a?b=1&c=2"
    assert link["rel"] == ["nofollow", "ugc"]


# Replies


def test_a_reply_stands_below_what_it_answers(post: BlogPage, client: Client) -> None:
    parent = CommentFactory(page=post)
    assert f"Reply to {parent.name}" in text_of(client, form_url(post, parent.pk))
    send(client, post, reply=parent.pk)
    reply = Comment.objects.get(parent=parent)
    Comment.objects.update(state=State.APPROVED)
    # One level: an answer to a reply belongs to the same thread.
    send(client, post, reply=reply.pk, text="And what did you do in the mornings then?")
    assert Comment.objects.filter(parent=parent).count() == 2
    replies = markup.read(client.get(post.url).content).find(class_="comments__replies")
    assert reply.text in replies.get_text()


@pytest.mark.parametrize("number", ["0", "x", "²", "9" * 30, "-1", "%00"])
def test_a_reply_to_nothing_is_a_comment(number: str, post: BlogPage, client: Client) -> None:
    response = client.post(f"{form_url(post)}?reply={number}", answers(post))
    assert response.status_code == 302
    assert Comment.objects.get().parent is None


def test_a_reply_never_leads_to_another_post(post: BlogPage, client: Client) -> None:
    elsewhere = CommentFactory()
    hidden = CommentFactory(page=post, state=State.WAITING)
    for other in (elsewhere, hidden):
        assert other.name not in text_of(client, form_url(post, other.pk))


# Open and closed


def test_a_closed_post_keeps_its_comments_and_takes_no_more(
    post: BlogPage, rules: CommentSettings, client: Client
) -> None:
    comment = CommentFactory(page=post)
    post.comments_are_open = False
    post.save()
    shown = text_of(client, post.url)
    assert comment.text in shown
    assert "Comments on this post are closed" in shown
    assert form_url(post) not in client.get(post.url).content.decode()
    assert "closed" in text_of(client, form_url(post))
    response = send(client, post, text="But I was just writing this to you.")
    assert "But I was just writing this to you." in response.content.decode()
    assert Comment.objects.count() == 1


def test_a_closed_post_without_comments_says_nothing(post: BlogPage, client: Client) -> None:
    post.comments_are_open = False
    post.save()
    assert not markup.read(client.get(post.url).content).find(id="comments")


@pytest.mark.parametrize(("days", "is_open"), [(None, True), (10, True), (9, False), (0, False)])
def test_a_post_closes_by_itself(days: int | None, is_open: bool, rules: CommentSettings) -> None:
    post = BlogPageFactory(published_at=timezone.now() - dt.timedelta(days=9, hours=1))
    rules.close_after_days = days
    assert rules.is_open(post) is is_open


@pytest.mark.parametrize("name", ["add", "thanks", "reported"])
def test_a_post_that_is_not_public_has_no_form(name: str, client: Client, post: BlogPage) -> None:
    url = reverse(f"blog_comments:{name}", args=[post.pk])
    assert client.get(url).status_code == 200
    make_private(post)
    assert client.get(url).status_code == 404
    assert client.get(reverse(f"blog_comments:{name}", args=[10**30])).status_code == 404


# Known people


def test_known_people_may_be_let_through(
    post: BlogPage, rules: CommentSettings, client: Client
) -> None:
    CommentFactory(name="Sam Hill", email="sam@example.org")
    send(client, post)
    assert Comment.objects.get(page=post).state == State.WAITING
    Comment.objects.filter(page=post).delete()
    CommentSettings.objects.update(lets_known_people_through=True)
    response = send(client, post, name="sam hill", email="SAM@example.org")
    comment = Comment.objects.get(page=post)
    assert comment.state == State.APPROVED
    assert response["Location"] == f"{post.url}#comment-{comment.pk}"
    assert not mail.outbox[1:]


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "other@example.org"},
        {"name": "Somebody Else"},
        {"text": "There is more of this at https://example.org/."},
        {"text": "Ring me on 07700 900123 if you want to hear more."},
    ],
)
def test_others_and_what_needs_a_look_wait(
    changes: dict[str, str], post: BlogPage, rules: CommentSettings, client: Client
) -> None:
    CommentSettings.objects.update(lets_known_people_through=True)
    CommentFactory(name="Sam Hill", email="sam@example.org")
    send(client, post, **changes)
    assert Comment.objects.get(page=post).state == State.WAITING


# Once


def test_sent_twice_it_is_kept_once_and_told_once(
    post: BlogPage,
    rules: CommentSettings,
    client: Client,
    work: Any,
) -> None:
    same = answers(post)
    for _ in range(3):
        assert client.post(form_url(post), same).status_code == 302
    # A refresh of an old tab: the same words with another copy of the form.
    assert client.post(form_url(post), same | {"token": token(post)}).status_code == 302
    work()
    assert Comment.objects.count() == 1
    assert len(mail.outbox) == 1


def test_the_same_copy_with_other_words_is_asked_about(post: BlogPage, client: Client) -> None:
    first = answers(post)
    client.post(form_url(post), first)
    second = first | {"text": "What I forgot to say: ask the person first."}
    response = client.post(form_url(post), second)
    assert "You sent this form before" in response.content.decode()
    form = markup.read(response.content).main.find("form", method="post")
    renewed = form.find("input", {"name": "token"})["value"]
    assert client.post(form_url(post), second | {"token": renewed}).status_code == 302
    assert Comment.objects.count() == 2


def test_a_form_that_was_open_for_long_can_be_sent_again(post: BlogPage, client: Client) -> None:
    sent = answers(post, token=token(post, seconds=25 * 3600))
    response = client.post(form_url(post), sent)
    assert "open for more than a day" in response.content.decode()
    form = markup.read(response.content).main.find("form", method="post")
    assert sent["text"] in form.find("textarea").get_text()
    renewed = form.find("input", {"name": "token"})["value"]
    assert client.post(form_url(post), sent | {"token": renewed}).status_code == 302
    assert Comment.objects.count() == 1


# Reporting


def test_a_reader_reports_a_comment_once(
    post: BlogPage,
    rules: CommentSettings,
    client: Client,
    work: Any,
) -> None:
    comment = CommentFactory(page=post)
    url = reverse("blog_comments:report", args=[comment.pk])
    assert url in client.get(post.url).content.decode()
    assert markup.faults(client.get(url).content) == []
    assert not Report.objects.exists()
    sent = {"reason": "It names my brother.", "key": str(uuid.uuid4()), "nothing": ""}
    for _ in range(2):
        assert client.post(url, sent, follow=True).status_code == 200
    client.post(url, sent | {"key": str(uuid.uuid4())})
    work()
    assert Report.objects.get().reason == "It names my brother."
    [message] = mail.outbox
    assert "It names my brother." in message.body
    assert "?show=reported" in message.body
    assert comment.text in text_of(client, post.url)


def test_what_nobody_sees_cannot_be_reported(client: Client) -> None:
    comment = CommentFactory(state=State.WAITING)
    url = reverse("blog_comments:report", args=[comment.pk])
    assert client.get(url).status_code == 404
    assert client.post(url, {}).status_code == 404
