"""The office at work, in a real browser: write a post, add a date, and see visitors get it."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from blog.models import BlogIndexPage, BlogPage
from courses.models import CoursePage
from tests.browser.watch import Served, Watch

pytestmark = pytest.mark.browser


def add_block(page: Page, kind: str, place: int) -> Locator:
    """Add a block at the end of the body, as staff do, and return it."""
    body = page.locator("#body-root")
    body.get_by_role("button", name="Insert a block", exact=True).last.click()
    page.get_by_role("option", name=kind, exact=True).click()
    return body.locator("[data-streamfield-child]").nth(place)


def write_post(page: Page) -> None:
    """A post with six kinds of block."""
    page.locator("#id_title").fill("What we learned this week")
    page.locator("#id_intro").fill("Six short things from the training room.")
    add_block(page, "Heading", 0)
    page.locator("[name=body-0-value-text]").fill("Ask before you help")
    text = add_block(page, "Text", 1).locator(".public-DraftEditor-content")
    text.click()
    page.keyboard.type("Nobody had asked her before.")
    add_block(page, "Quotation", 2)
    page.locator("[name=body-2-value-text]").fill("Nothing about us without us.")
    page.locator("[name=body-2-value-source]").fill("Disability rights movement")
    page.locator("[name=body-2-value-year]").fill("1998")
    add_block(page, "Pull-out fact", 3)
    page.locator("[name=body-3-value-figure]").fill("1 in 4")
    page.locator("[name=body-3-value-text]").fill("people told us so.")
    add_block(page, "Steps", 4)
    page.locator("[name=body-4-value-items-0-value-title]").fill("Stop and look")
    add_block(page, "Call to action", 5)
    page.locator("[name=body-5-value-title]").fill("Come and learn with us")
    page.locator("[name=body-5-value-link-text]").fill("Read more")
    page.locator("[name=body-5-value-link-url]").fill("https://www.example.org/")


SHOWN = [
    "Ask before you help",
    "Nobody had asked her before.",
    "Nothing about us without us.",
    "Disability rights movement",
    "1 in 4",
    "Stop and look",
    "Come and learn with us",
]


def test_staff_write_a_post_and_a_visitor_reads_it(
    office: Page, browser: Browser, served: Served
) -> None:
    office.goto(f"/admin/pages/add/blog/blogpage/{BlogIndexPage.objects.get().pk}/")
    write_post(office)

    office.get_by_role("button", name="Toggle preview").click()
    preview = office.frame_locator("#w-preview-iframe")
    for words in SHOWN:
        expect(preview.get_by_text(words).first).to_be_attached()
    expect(preview.get_by_role("heading", level=1)).to_have_text("What we learned this week")
    assert not BlogPage.objects.live().filter(title="What we learned this week").exists()
    office.get_by_role("button", name="Toggle preview").click()

    office.get_by_role("button", name="More actions").click()
    office.get_by_role("button", name="Publish").click()
    expect(office.locator(".messages .success")).to_contain_text("published")

    context = browser.new_context(base_url=served.url)
    watch = Watch(served.url)
    watch.over(context)
    visitor = context.new_page()
    visitor.goto("/blog/")
    visitor.get_by_role("link", name="What we learned this week").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("What we learned this week")
    for words in SHOWN:
        expect(visitor.get_by_role("main").get_by_text(words).first).to_be_visible()
    context.close()
    assert watch.faults == []


def type_moment(page: Page, field: str, moment: str) -> None:
    """Fill in a date and a time; Enter closes the calendar and goes to the next field."""
    page.locator(f"#id_{field}").fill(moment)
    page.keyboard.press("Enter")


def test_staff_add_a_date_and_it_is_on_the_home_page_and_in_the_catalogue(office: Page) -> None:
    course = CoursePage.objects.live().order_by("-title").first()
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    office.goto(f"/admin/pages/{course.pk}/edit/")
    office.get_by_role("link", name="Add a date").click()
    office.locator("#id_online").check()
    office.locator("#id_capacity").fill("7")
    type_moment(office, "start", f"{tomorrow:%d/%m/%Y} 07:15")
    type_moment(office, "end", f"{tomorrow:%d/%m/%Y} 08:45")
    office.get_by_role("button", name="Save").first.click()
    expect(office.locator(".messages .success")).to_be_visible()

    office.goto("/")
    leaf = office.locator(".date-leaf").first
    expect(leaf).to_contain_text(course.title)
    expect(leaf).to_contain_text("7:15am to 8:45am")
    expect(leaf).to_contain_text("7 places left")
    office.goto("/courses/")
    card = office.locator(".card").first
    expect(card).to_contain_text(course.title)
    expect(card).to_contain_text(f"{tomorrow:%-d %B %Y}")
    expect(card).to_contain_text("Online")


def test_staff_see_the_site_as_visitors_do(office: Page, served: Served) -> None:
    """Signed in, every page carries Wagtail's own menu; the strict policy must bear it."""
    for url in ("/", "/courses/", "/blog/"):
        office.goto(url)
        office.wait_for_load_state("networkidle")
        expect(office.locator("wagtail-userbar")).to_be_attached()


def test_a_date_that_does_not_fit_is_explained_beside_its_field(office: Page) -> None:
    course = CoursePage.objects.live().first()
    office.goto(f"/admin/dates/create/?course={course.pk}")
    day = timezone.localdate() + dt.timedelta(days=30)
    office.locator("#id_online").check()
    office.locator("#id_note").fill("Lunch is included.")
    type_moment(office, "start", f"{day:%d/%m/%Y} 16:30")
    type_moment(office, "end", f"{day:%d/%m/%Y} 09:30")
    office.get_by_role("button", name="Save").first.click()
    expect(office.get_by_text("A date ends after it begins.").first).to_be_visible()
    expect(office.locator("#id_note")).to_have_value("Lunch is included.")
    expect(office.locator("#id_end")).to_have_value(f"{day:%d/%m/%Y} 09:30")
    assert not course.runs.filter(note="Lunch is included.").exists()
