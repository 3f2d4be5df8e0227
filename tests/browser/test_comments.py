"""A reader comments, the office gets a mail, approves, and everybody sees it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from playwright.sync_api import Browser, Page, expect
from wagtail.models import Site

from blog.comments import tokens
from blog.comments.models import Comment, CommentSettings
from blog.models import BlogPage
from tests.browser.test_axe import RULES
from tests.browser.watch import Served, Watch
from tests.factories import PASSWORD, CommentFactory
from tests.payloads import PAYLOADS

pytestmark = pytest.mark.browser

Work = Callable[[], None]

PHONE = {"viewport": {"width": 390, "height": 844}}
NO_SCRIPTS = {"java_script_enabled": False}
with_and_without_scripts = pytest.mark.parametrize(
    "context_options", [PHONE, PHONE | NO_SCRIPTS], ids=["phone", "without scripts"]
)


@pytest.fixture
def post(served: Served) -> BlogPage:
    site = Site.objects.get(is_default_site=True)
    CommentSettings.objects.update_or_create(
        site=site, defaults={"moderators": "office@example.org"}
    )
    Comment.objects.all().delete()
    mail.outbox.clear()
    page: BlogPage = BlogPage.objects.live().first()
    return page


@pytest.fixture(autouse=True)
def _types_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """A robot's hand types faster than a person's."""
    monkeypatch.setattr(tokens, "TOO_QUICK", -tokens.TOO_QUICK)
    monkeypatch.setattr(tokens, "QUICK", -tokens.QUICK)


def write(page: Page, name: str, text: str) -> None:
    """Fill in the form, get one answer wrong at first, and lose nothing."""
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Your comment").fill(text)
    page.get_by_label("Send me an e-mail").check()
    page.get_by_role("button", name="Send comment").click()
    expect(page.locator("#id_email_error")).to_contain_text("never shown")
    expect(page.get_by_label("Your comment")).to_have_value(text)
    page.get_by_label("Your e-mail").fill(f"{name.lower()}@example.org")
    page.get_by_role("button", name="Send comment").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")


def approve(browser: Browser, served: Served, work: Work, words: str) -> None:
    """Follow the link in the mail, sign in, and approve."""
    work()
    message = mail.outbox[-1]
    assert message.to == ["office@example.org"]
    assert words in message.body
    [address] = re.findall(r"https?://\S+/admin/\S+", message.body)
    path = "/" + address.split("/", 3)[3]
    context = browser.new_context(base_url=served.url, viewport={"width": 1440, "height": 900})
    watch = Watch(served.url)
    watch.over(context)
    office = context.new_page()
    office.goto(path)
    office.get_by_label("Username").fill(served.staff.username)
    office.get_by_label("Password").fill(PASSWORD)
    office.get_by_role("button", name="Sign in").click()
    office.wait_for_url(f"**{path}")
    row = office.locator(".comment-row", has_text=words)
    row.get_by_role("button", name="Approve").click()
    expect(office.locator(".comment-done")).to_contain_text("1 comment approved")
    expect(office.get_by_role("button", name="Undo")).to_be_visible()
    context.close()
    assert watch.faults == []


@with_and_without_scripts
def test_from_a_comment_to_a_reply(
    page: Page, browser: Browser, served: Served, post: BlogPage, work: Work, work_later: Work
) -> None:
    words = "We tried this on our night shift, and it helped."
    page.goto(post.url)
    page.get_by_role("link", name="Add a comment").click()
    write(page, "Sam", words)
    page.get_by_role("link", name="Back to").click()
    expect(page.get_by_text(words)).to_have_count(0)
    approve(browser, served, work, words)
    page.reload()
    expect(page.locator(".comment", has_text=words)).to_be_visible()

    answer = "What did the people you support say about it?"
    page.get_by_role("link", name="Reply to Sam").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reply to Sam")
    write(page, "Grace", answer)
    approve(browser, served, work, answer)
    work_later()
    message = mail.outbox[-1]
    assert message.to == ["sam@example.org"]
    [address] = re.findall(r"http\S+#comment-\d+", message.body)
    page.goto("/" + address.split("/", 3)[3])
    expect(page.locator(".comments__replies .comment", has_text=answer)).to_be_visible()

    [stop] = re.findall(r"http\S+/stop/\S+", message.body)
    page.goto("/" + stop.split("/", 3)[3])
    page.get_by_role("button", name="Stop the mails").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("No more mails")
    assert not Comment.objects.get(name="Sam").wants_replies


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_comments_has_a_violation(
    scheme: Any, browser: Browser, served: Served, post: BlogPage
) -> None:
    parent = CommentFactory(page=post, name="Grace", text="Read https://example.org/ as well.")
    CommentFactory(page=post, parent=parent, is_from_staff=True)
    removed = CommentFactory(page=post, name="", email="", text="")
    CommentFactory(page=post, parent=removed)
    context = browser.new_context(
        base_url=served.url, color_scheme=scheme, viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    violations = {}
    for url in (
        post.url,
        f"/blog/comments/add/{post.pk}/?reply={parent.pk}",
        f"/blog/comments/thanks/{post.pk}/",
        f"/blog/comments/report/{parent.pk}/",
        f"/blog/comments/stop/{tokens.sign_stop(parent.pk)}/",
    ):
        page.goto(url)
        found = Axe().run(page, options=RULES).response["violations"]
        if found:
            violations[url] = [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found]
    page.goto(f"/blog/comments/add/{post.pk}/")
    page.get_by_role("button", name="Send comment").click()
    expect(page.locator(".error-summary")).to_be_visible()
    assert Axe().run(page, options=RULES).response["violations"] == []
    context.close()
    assert violations == {}


def test_no_payload_is_executed(office: Page, post: BlogPage) -> None:
    executed = []
    office.context.on("dialog", lambda dialog: (executed.append(dialog.message), dialog.dismiss()))
    office.context.add_init_script("window.alert = () => console.error('executed')")
    for state in (Comment.State.APPROVED, Comment.State.WAITING):
        for payload in PAYLOADS:
            CommentFactory(
                page=post, state=state, name=payload[:80], email=payload, text=f"{payload}\n\nx"
            )
    first = Comment.objects.approved().first()
    addresses = [
        post.url,
        f"/blog/comments/add/{post.pk}/?reply={first.pk}",
        f"/blog/comments/report/{first.pk}/",
        f"/admin/comments/reply/{first.pk}/",
        *(f"/admin/comments/?p={number}" for number in range(1, 6)),
        "/admin/comments/?show=approved&q=<script>alert(1)</script>",
    ]
    for address in addresses:
        office.goto(address)
    assert executed == []
    office.goto(post.url)
    expect(office.locator(".comment")).to_have_count(len(PAYLOADS))


def test_enter_decides_nothing_and_one_box_ticks_all(office: Page, post: BlogPage) -> None:
    for _ in range(3):
        CommentFactory(page=post, state=Comment.State.WAITING)
    office.goto("/admin/comments/")
    ticks = office.locator(".comment-row__tick")
    ticks.first.check()
    ticks.first.press("Enter")
    office.get_by_label("Tick all on this page").press("Enter")
    expect(ticks.first).to_be_checked()
    assert Comment.objects.waiting().count() == 3

    office.get_by_label("Tick all on this page").check()
    for tick in ticks.all():
        expect(tick).to_be_checked()
    ticks.last.uncheck()
    expect(office.get_by_label("Tick all on this page")).not_to_be_checked()
    office.get_by_label("Tick all on this page").check()
    office.locator(".comment-bulk").get_by_role("button", name="Spam").click()
    expect(office.locator(".comment-done")).to_contain_text("3 comments marked as spam")


@pytest.mark.parametrize("context_options", [NO_SCRIPTS])
def test_without_scripts_enter_decides_nothing(page: Page, served: Served, post: BlogPage) -> None:
    CommentFactory(page=post, state=Comment.State.WAITING)
    page.goto("/admin/comments/")
    page.get_by_label("Username").fill(served.staff.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.locator(".comment-row__tick").press("Enter")
    page.locator(".comment-row__tick").check()
    expect(page.locator(".comment-row__tick")).to_be_checked()
    expect(page.get_by_label("Tick all on this page")).to_be_hidden()
    assert Comment.objects.waiting().count() == 1
