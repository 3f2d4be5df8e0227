"""What a page weighs: bytes and requests of a first visit, from the site as it is live."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from base.models import PersonPage
from blog.models import BlogPage
from courses.models import CareCertificatePage, CoursePage, ProgrammePage
from tests.browser.test_bookings import addresses, press
from tests.browser.watch import Served, Watch
from tests.production import collect_files, live_site

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2}
HOME_KB = 80
PAGE_KB = 100
REQUESTS = 12
# The other states of these pages differ in a few words.
OF_BOOKINGS = (
    "book",
    "wait",
    "booking",
    "names",
    "move",
    "cancel",
    "take",
    "certificate",
    "waiting: Waits",
)


@dataclass
class Weight:
    """What came over the wire, headers included."""

    requests: int = 0
    bytes: int = 0

    def add(self, event: dict) -> None:
        self.requests += 1
        self.bytes += int(event["encodedDataLength"])


@pytest.fixture(scope="module")
def live(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the demo's site under gunicorn, on the same database."""
    folder = tmp_path_factory.mktemp("live")
    shutil.copytree(settings.MEDIA_ROOT, folder / "media")
    collect_files(folder)
    with live_site(folder) as server:
        yield f"http://127.0.0.1:{server.port}"


def weigh(
    browser: Browser, live: str, visit: Callable[[Page], object], before: Callable[[Page], object]
) -> Weight:
    """Visit a page with nothing remembered, and wait until nothing more comes."""
    context = browser.new_context(base_url=live, **PHONE)
    watch = Watch(live)
    watch.over(context)
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    before(page)
    page.wait_for_load_state("networkidle")
    weight = Weight()
    network.on("Network.loadingFinished", weight.add)
    visit(page)
    page.wait_for_load_state("networkidle")
    context.close()
    assert watch.faults == []
    return weight


def fill_in(page: Page, form: str) -> None:
    page.goto(form)
    page.get_by_label("Your name").fill("Ada Example")
    page.get_by_label("Your e-mail").fill("ada@example.org")
    page.locator("[name$=-name]").first.fill("Ada Example")


def check(page: Page) -> None:
    press(page, "Check the booking")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your booking")


def paths() -> dict[str, str]:
    """A page of every kind that visitors see."""
    course = CoursePage.objects.live().exclude(price=None).first()
    assert course
    kinds = (BlogPage, CareCertificatePage, CoursePage, PersonPage, ProgrammePage)
    return {
        "home": "/",
        "news": "/blog/",
        "catalogue": "/courses/",
        "catalogue, narrowed down": "/courses/?audience=managers&level=introductory",
        "calendar": "/courses/calendar/",
        "programme to print": "/courses/programme/",
        "planner": reverse("courses_enquiries:planner"),
        "enquiry": reverse("courses_enquiries:ask"),
        "search": "/search/?q=care",
        "contact": "/contact/",
        **{str(kind._meta.verbose_name): kind.objects.live().first().url for kind in kinds},
        **{what: path for what, path in addresses(course).items() if what in OF_BOOKINGS},
    }


def test_no_page_is_heavy(browser: Browser, live: str) -> None:
    pages = paths()
    weights = {
        what: weigh(browser, live, lambda page, path=path: page.goto(path), lambda page: None)
        for what, path in pages.items()
    }
    form = pages["book"].split("?")[0]
    weights["check"] = weigh(browser, live, check, lambda page: fill_in(page, form))
    told = {
        what: f"{weight.bytes / 1024:.0f} KB in {weight.requests} requests"
        for what, weight in weights.items()
    }
    print(*(f"{what}: {weight}" for what, weight in told.items()), sep="\n")
    heavy = {
        what
        for what, weight in weights.items()
        if weight.bytes > (HOME_KB if what == "home" else PAGE_KB) * 1024
        or weight.requests > REQUESTS
        or weight.requests < 3
    }
    assert {what: told[what] for what in heavy} == {}
