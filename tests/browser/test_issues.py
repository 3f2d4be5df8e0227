"""An issue of the newsletter, from somebody who joins to somebody who leaves."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from blog.newsletter.models import NewsletterIndexPage, Subscriber
from tests.browser.test_axe import RULES
from tests.browser.watch import Served

pytestmark = pytest.mark.browser

Work = Callable[[], None]


def join(page: Page, email: str, work: Work) -> None:
    """Join on the home page, and confirm by the mail."""
    page.goto("/")
    page.get_by_label("E-mail address for the newsletter").fill(email)
    page.get_by_role("button", name="Get the newsletter").click()
    mail.outbox.clear()
    work()
    [message] = mail.outbox
    [address] = re.findall(r"https?://\S+/newsletter/\S+", str(message.body))
    page.goto(urlsplit(address).path)
    page.get_by_role("button", name="Yes, send it to me").click()
    mail.outbox.clear()


def write(office: Page, title: str) -> str:
    """Publish an issue as it drafts itself, with a new title; return where to send it."""
    index = NewsletterIndexPage.objects.get()
    office.goto(f"/admin/pages/add/blog_newsletter/newsletterissuepage/{index.pk}/")
    # It began with what there is to tell.
    expect(office.locator("#body-root [name=body-0-value-heading]")).not_to_have_value("")
    office.locator("#id_title").fill(title)
    office.locator("#id_slug").evaluate("(field, value) => field.value = value", title.lower())
    office.locator("#id_intro").fill("What is new, and where there are places.")
    office.get_by_role("button", name="More actions").click()
    office.get_by_role("button", name="Publish", exact=True).click()
    expect(office.locator(".messages .success")).to_be_visible()
    issue = index.issues.get(title=title)
    return f"/admin/issues/{issue.pk}/"


def send(office: Page, address: str, work: Work) -> None:
    """Press the buttons that send an issue, and let the worker do it."""
    office.goto(address)
    office.get_by_role("button", name="Continue").click()
    office.get_by_role("button", name="Yes, send it to 1 person").click()
    headline = office.locator("#progress h2")
    expect(headline).to_have_text("It is going out")
    mail.outbox.clear()
    work()
    # The page notices by itself.
    expect(headline).to_have_text("It was sent")


def test_from_joining_to_leaving(
    office: Page, browser: Browser, served: Served, work: Work, settings: Any
) -> None:
    settings.WAGTAILADMIN_BASE_URL = served.url
    Subscriber.objects.all().delete()
    visitor = browser.new_context(base_url=served.url, locale="en-GB").new_page()
    join(visitor, "sam@example.org", work)

    address = write(office, "Spring")
    office.goto(address)
    expect(office.get_by_role("heading", name="Check list")).to_be_visible()
    phone = office.frame_locator("iframe").first
    expect(phone.get_by_role("heading", name="Spring")).to_be_visible()
    office.get_by_label("Edition").select_option("news-easy-read")
    expect(phone.get_by_role("heading", name="Course dates with places")).to_have_count(0)
    assert Axe().run(office, options=RULES).response["violations"] == []
    mail.outbox.clear()
    office.get_by_role("button", name="Send me a test").click()
    work()
    assert {tuple(sent.to) for sent in mail.outbox} == {(served.staff.email,)}
    assert mail.outbox[0].subject == "[Test] Spring"

    send(office, address, work)
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == (["sam@example.org"], "Spring")
    assert Axe().run(office, options=RULES).response["violations"] == []
    [online] = re.findall(r"https?://\S+/newsletter/spring/", str(sent.body))
    visitor.goto(online)
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Spring")

    # What a mail program's own button does: one POST, without a cookie (RFC 8058).
    leave = urlsplit(str(sent.extra_headers["List-Unsubscribe"]).strip("<>")).path
    answer = Client().post(leave, {"List-Unsubscribe": "One-Click"}, headers={"host": "127.0.0.1"})
    assert answer.status_code == 200
    assert Subscriber.objects.get().state == Subscriber.State.LEFT

    Subscriber.objects.create(email="ada@example.org")
    send(office, write(office, "Summer"), work)
    assert [sent.to for sent in mail.outbox] == [["ada@example.org"]]
    visitor.context.close()
