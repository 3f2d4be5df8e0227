"""Searching by keyboard alone, by ear, without scripts, and on the way back."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from wagtail.contrib.search_promotions.models import Query, SearchPromotion

from courses.models import CourseIndexPage
from tests.browser.test_axe import RULES

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}}
NO_SCRIPTS = {"java_script_enabled": False}


def box_of(page: Page) -> Locator:
    return page.locator("#page-search")


def type_into(page: Page, text: str) -> Locator:
    """Type by keyboard, letter by letter; return the list of suggestions."""
    box_of(page).focus()
    page.keyboard.type(text)
    return page.get_by_role("listbox", name="Suggestions")


def test_suggestions_by_keyboard_alone(page: Page) -> None:
    page.goto("/search/")
    box = box_of(page)
    options = type_into(page, "safeg").get_by_role("option")
    expect(options.first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")

    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(box).to_have_value("safeg")
    page.keyboard.press("ArrowDown")
    chosen = options.first
    expect(chosen).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", str(chosen.get_attribute("id")))
    expect(box).to_be_focused()

    page.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    expect(box).to_have_value("safeg")
    expect(box).to_have_attribute("aria-expanded", "false")

    page.keyboard.press("ArrowDown")
    expect(options.first).to_be_visible()
    course = options.filter(has_text="Courses").first
    while course.get_attribute("aria-selected") != "true":
        page.keyboard.press("ArrowDown")
    title = box.input_value()
    page.keyboard.press("Enter")
    page.wait_for_url("**/courses/**")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_enter_without_a_choice_searches_for_what_was_typed(page: Page) -> None:
    page.goto("/search/")
    expect(type_into(page, "safeg").get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=safeg")


def test_leaving_the_box_closes_the_list(page: Page) -> None:
    page.goto("/search/")
    options = type_into(page, "safeg").get_by_role("option")
    expect(options.first).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(options.first).to_be_hidden()


def test_a_screen_reader_hears_how_many_there_are(page: Page) -> None:
    page.goto("/search/")
    options = type_into(page, "safeg").get_by_role("option")
    expect(options.first).to_be_visible()
    heard = page.locator("main [aria-live=polite]")
    expect(heard).to_have_text(re.compile(rf"^{options.count()} suggestions?$"))
    page.keyboard.type("qqqq")
    expect(heard).to_have_text("No suggestions")
    expect(options).to_have_count(0)


def test_who_types_on_over_a_slow_line_gets_suggestions_for_the_whole_word(page: Page) -> None:
    page.goto("/search/")
    # The first answer never comes.
    page.route("**/search/suggest/?q=safe", lambda route: None)
    with page.expect_request("**/search/suggest/?q=safe"):
        type_into(page, "safe")
    options = type_into(page, "g").get_by_role("option")
    expect(options.first).to_be_visible()


def test_an_open_list_has_no_violation(page: Page) -> None:
    page.goto("/search/")
    expect(type_into(page, "safeg").get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []


@pytest.mark.parametrize("context_options", [PHONE | NO_SCRIPTS], ids=["without scripts"])
def test_without_scripts_it_is_a_search_box(page: Page) -> None:
    page.goto("/search/")
    box = box_of(page)
    expect(box).not_to_have_attribute("role", "combobox")
    box.fill("safegaurding")
    box.press("Enter")
    page.wait_for_url("**/search/?q=safegaurding")
    expect(page.get_by_text("Showing results for safeguarding")).to_be_visible()
    page.get_by_role("navigation", name="Kinds of results").get_by_role(
        "link", name="Courses"
    ).click()
    expect(page.locator(".results .card__title a").first).to_be_visible()


def test_going_on_to_what_staff_chose_is_counted(page: Page) -> None:
    SearchPromotion.objects.create(
        query=Query.get("quillwort"), page=CourseIndexPage.objects.first(), description=""
    )
    page.goto("/search/?q=quillwort")
    with page.expect_request("**/search/clicked/") as counted:
        page.locator(".found__promoted a").click()
    assert counted.value.post_data == "q=quillwort"


@pytest.mark.parametrize(
    "context_options", [PHONE, PHONE | NO_SCRIPTS], ids=["phone", "no scripts"]
)
def test_the_way_back_leads_to_the_same_results(page: Page) -> None:
    page.goto("/search/?q=care")
    page.get_by_role("link", name="Next").click()
    page.wait_for_url("**page=2**")
    second = page.locator(".results .card__title a").first
    title = second.inner_text()
    second.click()
    page.wait_for_url(lambda url: "/search/" not in url)
    page.go_back()
    page.wait_for_url("**page=2**")
    expect(box_of(page)).to_have_value("care")
    expect(page.locator(".results .card__title a").first).to_have_text(title)
    expect(page.get_by_role("listbox", name="Suggestions")).to_be_hidden()
