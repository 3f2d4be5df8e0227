import os
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test.testcases import QuietWSGIRequestHandler
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django import DjangoDbBlocker
from wagtail.models import Site

from tests import databases
from tests.browser.watch import Served, Watch
from tests.factories import PASSWORD, UserFactory

WAIT = 15_000  # milliseconds, on a busy machine


@pytest.fixture(scope="module")
def served(demo_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Served]:
    """Serve a copy of the demo's site. What one module's tests write, no other sees."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    # Playwright's event loop runs in this thread and has nothing to do with the tests' queries.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with django_db_blocker.unblock(), databases.copy_of(demo_database):
        server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler)
        port = server.server_port
        server.set_app(WSGIHandler())
        Site.objects.update(hostname="127.0.0.1", port=port)
        staff = UserFactory(is_superuser=True, is_staff=True)
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield Served(f"http://127.0.0.1:{port}", staff)
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def context_options() -> dict[str, Any]:
    """What the browser is: a test overrides it with `parametrize`."""
    return {}


@pytest.fixture
def context(
    browser: Browser, served: Served, context_options: dict[str, Any]
) -> Iterator[BrowserContext]:
    """A browser without a past. The test fails on whatever the browser complains about."""
    context = browser.new_context(
        base_url=served.url, locale="en-GB", timezone_id="Europe/London", **context_options
    )
    context.set_default_timeout(WAIT)
    watch = Watch(served.url)
    watch.over(context)
    yield context
    context.close()
    assert watch.faults == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A visitor's page."""
    return context.new_page()


@pytest.fixture
def office(page: Page, served: Served) -> Page:
    """A page in which staff have signed in, by the door that they use."""
    page.goto("/admin/")
    page.get_by_label("Username").fill(served.staff.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/")
    return page
