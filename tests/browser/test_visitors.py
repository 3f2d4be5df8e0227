"""A visitor on the way through the site: with a pointer, with a keyboard, and without scripts."""

import pytest
from playwright.sync_api import Page, expect

from courses.models import CoursePage, CourseRun
from home.models import ContactSubmission

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}}
SCREEN = {"viewport": {"width": 1440, "height": 900}}
NO_SCRIPTS = {"java_script_enabled": False}

anywhere = pytest.mark.parametrize(
    "context_options",
    [PHONE, SCREEN, PHONE | NO_SCRIPTS],
    ids=["phone", "screen", "without scripts"],
)


def open_menu(page: Page) -> None:
    switch = page.locator(".menu-switch summary")
    if switch.is_visible():
        switch.click()


@anywhere
def test_from_the_home_page_to_a_course(page: Page) -> None:
    page.goto("/")
    open_menu(page)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Courses").click()
    page.wait_for_url("**/courses/")
    card = page.locator(".card__title a").first
    title = card.inner_text()
    card.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_role("heading", name="Dates")).to_be_visible()
    expect(page.get_by_text("Price for one person")).to_be_visible()
    page.get_by_role("navigation", name="You are here").get_by_role("link", name="Home").click()
    expect(page.locator("body.is-home")).to_be_visible()


@anywhere
def test_searching(page: Page) -> None:
    page.goto("/")
    if not page.locator("#header-search").is_visible():
        open_menu(page)
    page.locator("#header-search").fill("safeguarding")
    page.locator("#header-search").press("Enter")
    page.wait_for_url("**/search/?q=safeguarding")
    expect(page.get_by_role("heading", level=2).first).to_contain_text("safeguarding")
    result = page.locator(".results .card__title a").first
    title = result.inner_text()
    result.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


@anywhere
def test_reading_the_news_on_one_topic(page: Page) -> None:
    page.goto("/blog/")
    chip = page.locator(".filter a").nth(1)
    topic = chip.inner_text()
    chip.click()
    expect(page.locator(".filter [aria-current]")).to_have_text(topic)
    page.locator(".card__title a").first.click()
    expect(page.locator("article h1")).to_be_visible()


@anywhere
def test_asking_for_a_place(page: Page, context_options: dict) -> None:
    course = CourseRun.objects.upcoming().first().course
    CoursePage.objects.filter(pk=course.pk).update(price=None)
    page.goto(course.url)
    page.get_by_role("link", name="Ask to book").first.click()
    main = page.get_by_role("main")
    main.get_by_role("button").click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_visible()
    before = ContactSubmission.objects.count()
    main.get_by_label("Your name").fill("Sam Hill")
    main.get_by_label("Your e-mail").fill("sam@example.org")
    main.get_by_label("Your message").fill("A place for one, please.")
    for choice in main.locator("select").all():
        choice.select_option(index=1)
    for box in main.locator("input[type=checkbox][required]").all():
        box.check()
    main.get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")
    assert ContactSubmission.objects.count() == before + 1
    assert ContactSubmission.objects.last().form_data["your_name"] == "Sam Hill"


@pytest.mark.parametrize("context_options", [SCREEN])
def test_the_first_key_leads_past_the_header(page: Page) -> None:
    page.goto("/courses/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the main content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("context_options", [PHONE, PHONE | NO_SCRIPTS])
def test_the_menu_opens_and_closes_by_key(page: Page) -> None:
    page.goto("/")
    link = page.get_by_role("navigation", name="Main").get_by_role("link").first
    expect(link).not_to_be_visible()
    page.locator(".menu-switch summary").focus()
    page.keyboard.press("Enter")
    expect(link).to_be_visible()
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    page.locator(".menu-switch summary").focus()
    page.keyboard.press("Space")
    expect(link).not_to_be_visible()


@pytest.mark.parametrize(
    "context_options",
    [{"viewport": {"width": width, "height": 700}} for width in (320, 768, 2560)],
    ids=lambda options: str(options["viewport"]["width"]),
)
@pytest.mark.parametrize("url", ["/", "/courses/", "/blog/", "/contact/", "/search/?q=care"])
def test_no_page_is_wider_than_its_window(url: str, page: Page) -> None:
    page.goto(url)
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
