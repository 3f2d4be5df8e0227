"""The office reads what waits, decides with one press, and can take it back."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client
from django.urls import reverse

from base.models import User
from blog.comments import services
from blog.comments.models import Comment, CommentSettings, Decision, Report
from blog.models import BlogPage
from tests import editor, markup
from tests.factories import CommentFactory, UserFactory

pytestmark = pytest.mark.django_db
State = Comment.State
QUEUE = "/admin/comments/"


@pytest.fixture
def moderator(db: None) -> User:
    """Somebody in Wagtail's group of moderators, and nothing more."""
    user: User = UserFactory(first_name="Amina", last_name="Yusuf")
    user.groups.add(Group.objects.get(name="Moderators"))
    return user


@pytest.fixture
def office(client: Client, moderator: User) -> Client:
    client.force_login(moderator)
    return client


def waiting(post: BlogPage, **changes: Any) -> Comment:
    comment: Comment = CommentFactory(page=post, state=State.WAITING, **changes)
    return comment


def press(office: Client, url: str = "comments:decide", pk: int | None = None, **data: Any) -> str:
    """Press a button and return where it leads."""
    response = office.post(reverse(url, args=[pk] if pk else []), data)
    assert response.status_code == 302
    return str(response["Location"])


def states() -> set[str]:
    return set(Comment.objects.values_list("state", flat=True))


# Deciding


@pytest.mark.parametrize("state", [State.APPROVED, State.REJECTED, State.SPAM])
def test_one_press_decides_and_another_undoes(state: str, post: BlogPage, office: Client) -> None:
    comment = waiting(post)
    assert f'value="{state}:{comment.pk}"' in office.get(QUEUE).content.decode()
    address = press(office, one=f"{state}:{comment.pk}")
    assert states() == {state}
    decision = Decision.objects.get()
    undo = reverse("comments:undo", args=[decision.pk])
    assert undo in office.get(address).content.decode()
    for _ in range(2):
        press(office, "comments:undo", decision.pk)
        assert states() == {State.WAITING}
    assert undo not in office.get(address).content.decode()


def test_many_are_decided_at_once(post: BlogPage, office: Client) -> None:
    pks = [waiting(post).pk for _ in range(3)]
    left = waiting(post)
    press(office, all=State.SPAM, comment=pks)
    assert set(Comment.objects.filter(state=State.SPAM).values_list("pk", flat=True)) == set(pks)
    left.refresh_from_db()
    assert left.state == State.WAITING
    press(office, "comments:undo", Decision.objects.get().pk)
    assert states() == {State.WAITING}


def test_a_page_holds_fifty_and_its_first_button_does_nothing(
    post: BlogPage, office: Client
) -> None:
    for _ in range(51):
        waiting(post)
    page = markup.read(office.get(QUEUE).content)
    assert len(page.find_all(class_="comment-row")) == 50
    [form] = [form for form in page.find_all("form") if form.find(class_="comment-queue")]
    # What Enter presses on a checkbox.
    first = form.find("button")
    assert (first["type"], first["formmethod"]) == ("submit", "dialog")
    assert not first.has_attr("name")


def test_pressed_twice_it_is_one_decision(post: BlogPage, office: Client) -> None:
    comment = waiting(post)
    for _ in range(2):
        press(office, one=f"approved:{comment.pk}")
    assert Decision.objects.count() == 1


def test_undoing_keeps_what_was_decided_since(post: BlogPage, office: Client) -> None:
    first, second = waiting(post), waiting(post)
    press(office, all=State.APPROVED, comment=[first.pk, second.pk])
    decision = Decision.objects.get()
    press(office, one=f"spam:{first.pk}")
    press(office, "comments:undo", decision.pk)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (State.SPAM, State.WAITING)


@pytest.mark.parametrize(
    "data",
    [{}, {"one": "approved:x"}, {"one": "gone:1"}, {"all": "approved"}, {"one": f"spam:{10**30}"}],
)
def test_nonsense_decides_nothing(data: dict[str, str], post: BlogPage, office: Client) -> None:
    waiting(post)
    press(office, **data)
    assert states() == {State.WAITING}


@pytest.mark.parametrize(
    "query", ["show=nothing", "p=99", "p=x", "done=x", "done=²", "q=%00", "q='"]
)
def test_any_address_gives_a_page(query: str, post: BlogPage, office: Client) -> None:
    waiting(post)
    assert office.get(f"{QUEUE}?{query}").status_code == 200


def test_each_list_holds_its_own(post: BlogPage, office: Client) -> None:
    for state in State.values:
        CommentFactory(page=post, state=state, text=f"A {state} one")
    for state in State.values:
        html = markup.read(office.get(f"{QUEUE}?show={state}").content)
        assert [row.get_text().strip() for row in html.find_all(class_="comment-row__text")] == [
            f"A {state} one"
        ]
    assert "reader" in office.get(f"{QUEUE}?show=spam&q=spam one").content.decode()
    assert "No comment here" in office.get(f"{QUEUE}?show=spam&q=elephant").content.decode()


# Reasons, masks, reports


def test_the_reason_is_shown_and_masked_with_one_press(
    post: BlogPage, rules: CommentSettings, office: Client
) -> None:
    comment = waiting(
        post, text="Ring 07700 900123", held_for=["It holds what looks like a telephone number."]
    )
    html = office.get(QUEUE).content.decode()
    assert "It holds what looks like a telephone number." in html
    assert '<mark title="telephone number">07700 900123</mark>' in html
    for _ in range(2):
        press(office, one=f"mask:{comment.pk}")
    comment.refresh_from_db()
    assert comment.text == "Ring [telephone number removed]"
    assert comment.held_for == []
    assert f"mask:{comment.pk}" not in office.get(QUEUE).content.decode()


def test_a_reported_comment_is_kept_or_taken_away(post: BlogPage, office: Client) -> None:
    comment = CommentFactory(page=post)
    Report.objects.create(comment=comment, reason="It names my brother.")
    address = f"{QUEUE}?show=reported"
    assert "It names my brother." in office.get(address).content.decode()
    press(office, one=f"approved:{comment.pk}", show="reported")
    assert "It names my brother." not in office.get(address).content.decode()
    assert states() == {State.APPROVED}
    press(office, "comments:undo", Decision.objects.get().pk)
    assert "It names my brother." in office.get(address).content.decode()
    press(office, one=f"rejected:{comment.pk}")
    assert states() == {State.REJECTED}


# Replying


def test_a_reply_by_staff_approves_and_is_marked(post: BlogPage, office: Client) -> None:
    comment = waiting(post)
    url = reverse("comments:reply", args=[comment.pk])
    html = office.get(url).content.decode()
    assert "Amina Yusuf" in html
    data = {"name": "Amina Yusuf", "text": "Thank you for this.", "key": str(uuid.uuid4())}
    for _ in range(2):
        assert office.post(url, data).status_code == 302
    assert Comment.objects.count() == 2
    shown = markup.read(Client().get(post.url).content).find(class_="comment--staff")
    assert "Replies for Brightening Minds Training" in shown.get_text()
    assert "Thank you for this." in shown.get_text()
    comment.refresh_from_db()
    assert comment.state == State.APPROVED


@pytest.mark.parametrize("state", [State.WAITING, State.APPROVED])
def test_undoing_a_reply_takes_it_off_the_page_and_stops_the_mail(
    state: str, post: BlogPage, office: Client, work_later: Any
) -> None:
    comment = CommentFactory(page=post, state=state, wants_replies=True)
    url = reverse("comments:reply", args=[comment.pk])
    data = {"name": "Amina", "text": "I meant somebody else.", "key": str(uuid.uuid4())}
    for _ in range(2):
        address = office.post(url, data)["Location"]
        html = office.get(address).content.decode()
        assert "Your reply is on the page" in html
    undo = reverse("comments:undo", args=[Decision.objects.get().pk])
    assert undo in html
    assert data["text"] in Client().get(post.url).content.decode()
    office.post(undo)
    work_later()
    shown = Client().get(post.url).content.decode()
    assert data["text"] not in shown
    assert "[removed]" not in shown
    comment.refresh_from_db()
    assert comment.state == state
    assert not mail.outbox
    # Nothing is lost, and the same form sent once more says where it is.
    assert data["text"] in office.get(f"{QUEUE}?show=rejected").content.decode()
    assert "taken back" in office.post(url, data, follow=True).content.decode()
    assert data["text"] not in Client().get(post.url).content.decode()


def test_an_empty_reply_is_asked_for_again(post: BlogPage, office: Client) -> None:
    comment = waiting(post)
    url = reverse("comments:reply", args=[comment.pk])
    response = office.post(url, {"name": "Amina", "text": "", "key": str(uuid.uuid4())})
    assert response.status_code == 200
    assert states() == {State.WAITING}


# Who may


@pytest.mark.parametrize("group", ["Editors", None])
@pytest.mark.parametrize("name", ["queue", "decide", "undo", "reply"])
def test_others_may_not(name: str, group: str | None, post: BlogPage, client: Client) -> None:
    comment = waiting(post)
    user = UserFactory()
    if group:
        user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    url = reverse(f"comments:{name}", args=[comment.pk] if name in ("undo", "reply") else [])
    for response in (client.get(url), client.post(url, {"one": f"approved:{comment.pk}"})):
        assert response.status_code in (302, 403, 405)
        assert response.get("Location", "/admin/").startswith(("/admin/login", "/admin/"))
    assert states() == {State.WAITING}
    if group:
        assert "/admin/comments/" not in client.get("/admin/").content.decode()


def test_the_dashboard_counts_what_waits(post: BlogPage, office: Client) -> None:
    waiting(post)
    waiting(post)
    Report.objects.create(comment=CommentFactory(page=post))
    text = " ".join(markup.read(office.get("/admin/").content).get_text(" ").split())
    assert "2 comments waiting 1 reported" in text


# Mail


def test_moderators_set_how_comments_are_dealt_with(office: Client) -> None:
    url = reverse("wagtailsettings:edit", args=["blog_comments", "commentsettings"])
    assert office.get(url, follow=True).status_code == 200


def test_moderators_hear_of_what_waits(
    post: BlogPage, rules: CommentSettings, client: Client, work: Any
) -> None:
    from tests.blog.comments.visitor import send

    rules.moderators = "office@example.org\nsue@example.org"
    rules.save()
    post.title = "Two\nlines"
    post.save()
    send(client, post, text="Ring me on 07700 900123, I have more to say about it.")
    work()
    [message] = mail.outbox
    assert message.to == ["office@example.org", "sue@example.org"]
    assert message.subject == "A comment waits: Two lines"
    assert "looks like a telephone number" in message.body
    assert "/admin/comments/" in message.body
    assert "sam@example.org" not in message.body


def settings_page(client: Client) -> str:
    url = reverse("wagtailsettings:edit", args=["blog_comments", "commentsettings"])
    page = markup.read(client.get(url, follow=True).content)
    return " ".join(page.find(class_="comment-told").get_text(" ").split())


def dashboard(client: Client) -> str:
    return " ".join(markup.read(client.get("/admin/").content).get_text(" ").split())


def test_without_an_address_everybody_hears_who_may_moderate(
    post: BlogPage, office: Client, moderator: User, work: Any
) -> None:
    from tests.blog.comments.visitor import send

    group = Group.objects.get(name="Moderators")
    for changes in ({"is_active": False}, {"email": ""}, {"email": moderator.email}):
        UserFactory(**changes).groups.add(group)
    UserFactory().groups.add(Group.objects.get(name="Editors"))
    root = UserFactory(is_superuser=True)
    send(Client(), post)
    work()
    [message] = mail.outbox
    assert message.to == sorted([moderator.email, root.email])
    assert "everybody who may moderate is told" in settings_page(office)
    assert moderator.email in settings_page(office)
    assert "2 addresses told by mail" in dashboard(office)


def test_where_nobody_is_told_the_office_sees_it(
    post: BlogPage, office: Client, moderator: User
) -> None:
    moderator.email = ""
    moderator.save()
    assert "nobody is told" in settings_page(office)
    assert "nobody is told by mail" in dashboard(office)
    url = reverse("wagtailsettings:edit", args=["blog_comments", "commentsettings"])
    office.post(office.get(url)["Location"], {"moderators": "office@example.org"})
    assert "these addresses are told: office@example.org" in settings_page(office)
    assert "1 address told by mail" in dashboard(office)


def test_the_settings_take_only_addresses(admin: Client) -> None:
    url = reverse("wagtailsettings:edit", args=["blog_comments", "commentsettings"])
    url = admin.get(url)["Location"]
    response = admin.post(url, {"moderators": "office@example.org, nonsense"})
    assert "“nonsense” is not an e-mail address" in response.content.decode()
    assert admin.post(url, {"moderators": "a@example.org, b@example.org"}).status_code == 302
    assert CommentSettings.objects.get().moderator_list == ["a@example.org", "b@example.org"]


# The post in the editor


def test_an_editor_is_warned_of_what_is_confidential(post: BlogPage, admin: Client) -> None:
    url = editor.edit_url(post)
    data = editor.form_data(admin, url, BlogPage, intro="Ring Mary on 07700 900123.")
    response = admin.post(url, data | {"action-publish": "1"}, follow=True)
    html = response.content.decode()
    assert "07700 900123 (looks like a telephone number)" in html
    post.refresh_from_db()
    assert post.intro == "Ring Mary on 07700 900123."
    data = editor.form_data(admin, url, BlogPage, intro="Ring Mary.")
    assert "looks like" not in admin.post(url, data, follow=True).content.decode()


def test_services_know_what_is_gone() -> None:
    assert services.decide([1], State.SPAM, UserFactory()) is None
    assert services.undo(1) == 0
    assert not services.mask_comment(1)
