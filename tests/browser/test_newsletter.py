"""A reader joins, confirms by the mail, chooses what they get, and leaves with one press."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from playwright.sync_api import Page, expect

from blog.newsletter.emails import confirm_path, subscriber_path
from blog.newsletter.models import Consent, Subscriber
from tests.browser.test_axe import RULES
from tests.browser.watch import Served

pytestmark = pytest.mark.browser

Work = Callable[[], None]

PHONE = {"viewport": {"width": 390, "height": 844}}
NO_SCRIPTS = {"java_script_enabled": False}


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


@pytest.mark.parametrize(
    "context_options", [PHONE, PHONE | NO_SCRIPTS], ids=["phone", "without scripts"]
)
def test_from_the_home_page_to_the_list_and_off_it(page: Page, served: Served, work: Work) -> None:
    Subscriber.objects.all().delete()
    Consent.objects.all().delete()
    mail.outbox.clear()
    page.goto("/")
    page.get_by_label("E-mail address for the newsletter").fill("sam@example.org")
    page.get_by_role("button", name="Get the newsletter").click()
    assert heading(page) == "One more step: look at your e-mails"
    assert not Subscriber.objects.exists()
    work()
    [message] = mail.outbox
    [address] = re.findall(r"https?://\S+/newsletter/\S+", str(message.body))
    page.goto(urlsplit(address).path)
    page.get_by_role("button", name="Yes, send it to me").click()
    assert heading(page) == "You are on the list"
    page.get_by_role("link", name="Choose what you get").click()
    page.get_by_label("Course dates").uncheck()
    page.get_by_label("The Easy Read edition").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved")
    subscriber = Subscriber.objects.get()
    assert subscriber.wishes_text == "news, Easy Read edition"
    page.get_by_role("link", name="Leave the newsletter").click()
    page.get_by_role("button", name="Leave the newsletter").click()
    assert heading(page) == "You get no more newsletters"
    subscriber.refresh_from_db()
    assert subscriber.state == Subscriber.State.LEFT


def test_axe_finds_nothing(page: Page, served: Served) -> None:
    Subscriber.objects.all().delete()
    subscriber = Subscriber.objects.create(email="sam@example.org")
    consent = Consent.objects.create(email="ada@example.org", where="/", wording="Yes")
    for path in (
        "/newsletter/",
        "/newsletter/join/",
        "/newsletter/asked/",
        confirm_path(consent),
        *(subscriber_path(subscriber, name) for name in ("preferences", "leave", "erase")),
    ):
        page.goto(path)
        assert Axe().run(page, options=RULES).response["violations"] == [], path
