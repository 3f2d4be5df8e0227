"""A manager plans for a team, sends the plan as an enquiry, and the office answers it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from playwright.sync_api import Browser, Page, expect
from wagtail.models import Site

from courses.enquiries.models import Enquiry, EnquirySettings, Role
from tests.browser.test_axe import RULES
from tests.browser.watch import Served, Watch
from tests.factories import PASSWORD

pytestmark = pytest.mark.browser

Work = Callable[[], None]

PHONE = {"viewport": {"width": 390, "height": 844}}
NO_SCRIPTS = {"java_script_enabled": False}
with_and_without_scripts = pytest.mark.parametrize(
    "context_options", [PHONE, PHONE | NO_SCRIPTS], ids=["phone", "without scripts"]
)
in_both_schemes = pytest.mark.parametrize(
    "context_options",
    [PHONE | {"color_scheme": scheme, "reduced_motion": "reduce"} for scheme in ("light", "dark")],
    ids=["light", "dark"],
)


@pytest.fixture(autouse=True)
def _office_mail(served: Served) -> None:
    EnquirySettings.objects.update_or_create(
        site=Site.objects.get(is_default_site=True), defaults={"office": "office@example.org"}
    )
    Enquiry.objects.all().delete()
    mail.outbox.clear()


def fill_in(page: Page) -> None:
    page.get_by_label("Where?").fill("Leeds")
    page.get_by_label("When?").fill("Tuesdays in March")
    page.get_by_label("Organisation").fill("Rose House")
    page.get_by_label("Your name").fill("Ada Example")


def answer(browser: Browser, served: Served, message: Any) -> None:
    """Follow the link in the mail, sign in, say that it is answered, and read the history."""
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
    expect(office.get_by_role("link", name="Answer by e-mail")).to_be_visible()
    office.get_by_label("Status").select_option("answered")
    office.get_by_label("Note").fill("She would like March.")
    office.get_by_role("button", name="Save").click()
    history = office.locator(".enquiry__history")
    expect(history).to_contain_text("New → Answered")
    expect(history).to_contain_text("She would like March.")
    office.goto("/admin/enquiries/?status=answered")
    expect(office.locator(".result-list tbody tr")).to_have_count(1)
    context.close()
    assert watch.faults == []


@with_and_without_scripts
def test_from_a_plan_to_an_answer(page: Page, browser: Browser, served: Served, work: Work) -> None:
    page.goto("/in-house/")
    page.get_by_role("link", name="team planner").click()
    page.get_by_label("Support worker", exact=True).fill("9")
    page.get_by_label("Manager", exact=True).fill("2")
    page.get_by_role("button", name="Make the plan").click()
    expect(page.get_by_text("For 11 people")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as a spreadsheet").click()
    assert download.value.suggested_filename == "team-plan.xlsx"
    page.get_by_role("link", name="Send it as an in-house enquiry").click()
    fill_in(page)
    page.get_by_role("button", name="Send the enquiry").click()
    expect(page.locator(".error-summary")).to_contain_text("Your e-mail")
    expect(page.get_by_label("When?")).to_have_value("Tuesdays in March")
    page.get_by_label("Your e-mail").fill("ada@example.org")
    page.get_by_role("button", name="Send the enquiry").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. We have it")
    enquiry = Enquiry.objects.get()
    expect(page.locator(".enquiry-reference")).to_have_text(enquiry.reference)
    assert "9 × Support worker" in enquiry.plan
    page.reload()
    work()
    to_person, to_office = mail.outbox
    assert enquiry.reference in to_person.body
    answer(browser, served, to_office)
    enquiry.refresh_from_db()
    assert enquiry.status == "answered"


@in_both_schemes
def test_no_page_of_enquiries_has_a_violation(page: Page) -> None:
    role = Role.objects.first()
    assert role
    violations = {}
    for url in (
        "/courses/planner/",
        f"/courses/planner/?role-{role.pk}=40",
        f"/courses/planner/?role-{role.pk}=many",
        "/courses/enquiries/",
        f"/courses/enquiries/?role-{role.pk}=4",
        "/courses/enquiries/thanks/",
    ):
        page.goto(url)
        if found := Axe().run(page, options=RULES).response["violations"]:
            violations[url] = [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found]
    page.goto("/courses/enquiries/")
    page.get_by_role("button", name="Send the enquiry").click()
    expect(page.locator(".error-summary")).to_be_visible()
    if found := Axe().run(page, options=RULES).response["violations"]:
        violations["errors"] = [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found]
    assert violations == {}
