"""Narrowing the catalogue down, with and without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_visitors import NO_SCRIPTS, PHONE, SCREEN

pytestmark = pytest.mark.browser

LEVEL = "Introductory"


def unfold(page: Page, facet: str = "Level") -> None:
    """Open the facets where they are folded, and then the one."""
    if page.locator(".facets__summary").is_visible():
        page.locator(".facets__summary").click()
    title = page.locator("summary", has_text=re.compile(f"^{facet}$"))
    if not page.locator(".facet", has=title).evaluate("facet => facet.open"):
        title.click()


def titles(page: Page) -> list[str]:
    return page.locator(".listing .card__title").all_inner_texts()


@pytest.mark.parametrize(
    "context_options",
    [PHONE, SCREEN, PHONE | NO_SCRIPTS],
    ids=["phone", "screen", "without scripts"],
)
def test_narrowing_down_and_taking_it_back(page: Page) -> None:
    page.goto("/courses/")
    everything = titles(page)
    unfold(page)
    link = page.locator(".facet a", has_text=LEVEL)
    count = int(link.locator(".facet__count").inner_text().split()[0])
    link.click()
    page.wait_for_url("**/courses/?level=introductory")
    expect(page.locator(".listing .card")).to_have_count(count)
    page.get_by_role("link", name=f"Take away: Level, {LEVEL}").click()
    page.wait_for_url("**/courses/")
    expect(page.locator(".listing .card")).to_have_count(len(everything))
    assert titles(page) == everything


@pytest.mark.parametrize("context_options", [SCREEN])
def test_in_place_it_is_announced_and_the_focus_and_the_folds_stay(page: Page) -> None:
    page.goto("/courses/")
    page.evaluate("window.isSame = true")
    status = page.get_by_role("status")
    expect(status).to_have_text("")
    unfold(page)
    unfold(page, "Place")
    link = page.locator(".facet a", has_text=LEVEL)
    link.press("Enter")
    page.wait_for_url("**/courses/?level=introductory")
    expect(status).to_have_text(re.compile(r"^\d+ courses$"))
    expect(page).to_have_title(re.compile(f"^{LEVEL}: Courses"))
    expect(page.locator(".facet a", has_text=LEVEL)).to_be_focused()
    assert page.locator(".facet[data-fold=place]").evaluate("facet => facet.open")
    page.get_by_role("link", name="Clear all").press("Enter")
    page.wait_for_url("**/courses/")
    expect(page.locator("[data-count]")).to_be_focused()
    assert page.evaluate("window.isSame")


@pytest.mark.parametrize("context_options", [SCREEN])
def test_back_and_forward_lead_through_what_was_shown(page: Page) -> None:
    page.goto("/courses/")
    everything = titles(page)
    unfold(page)
    page.locator(".facet a", has_text=LEVEL).click()
    page.wait_for_url("**/courses/?level=introductory")
    introductory = titles(page)
    page.get_by_role("navigation", name="Sort by").get_by_role("link", name="Title").click()
    page.wait_for_url("**/courses/?level=introductory&sort=title")
    by_title = titles(page)
    assert len({tuple(everything), tuple(introductory), tuple(by_title)}) == 3
    for step, shown in (
        (page.go_back, introductory),
        (page.go_back, everything),
        (page.go_forward, introductory),
    ):
        step()
        expect(page.locator(".listing .card__title")).to_have_text(shown)
    page.locator(".listing .card__title a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(introductory[0])
    page.go_back()
    expect(page.locator(".listing .card__title")).to_have_text(introductory)


@pytest.mark.parametrize("context_options", [PHONE, PHONE | NO_SCRIPTS])
def test_on_a_phone_the_facets_are_folded(page: Page) -> None:
    page.goto("/courses/")
    link = page.locator(".facet a").first
    expect(link).not_to_be_visible()
    page.locator(".facets__summary").focus()
    page.keyboard.press("Enter")
    expect(link).to_be_visible()


@pytest.mark.parametrize("context_options", [SCREEN, SCREEN | NO_SCRIPTS])
def test_beside_the_list_they_are_open(page: Page) -> None:
    page.goto("/courses/")
    expect(page.locator(".facet a").first).to_be_visible()


@pytest.mark.parametrize("context_options", [PHONE, SCREEN], ids=["phone", "screen"])
def test_through_the_calendar_by_key(page: Page) -> None:
    page.goto("/courses/")
    page.get_by_role("link", name="Calendar", exact=True).press("Enter")
    page.wait_for_url("**/courses/calendar/")
    heading = page.get_by_role("heading", level=1).inner_text()
    # The last one leads to the next month; late in a month one leads back, too.
    page.get_by_role("navigation", name="Months").get_by_role("link").last.press("Enter")
    page.wait_for_url(re.compile(r"/courses/calendar/\d{4}/\d\d/$"))
    expect(page.get_by_role("heading", level=1)).not_to_have_text(heading)
    date = page.locator(".month td a").first
    title = date.inner_text()
    date.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


@pytest.mark.parametrize("context_options", [SCREEN])
def test_on_paper_the_programme_is_nothing_but_the_dates(page: Page) -> None:
    page.goto("/courses/programme/")
    expect(page.locator(".dates").first).to_be_visible()
    page.emulate_media(media="print")
    for part in (".facets", ".views", ".feeds", ".site-nav"):
        expect(page.locator(part).first).not_to_be_visible()
    expect(page.locator(".dates").first).to_be_visible()
