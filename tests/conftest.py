import gc
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.test.utils import setup_databases, teardown_databases
from django.utils import timezone
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult, get_date_max
from playwright.sync_api import Browser, sync_playwright
from pytest_django import DjangoDbBlocker
from pytest_django.plugin import blocking_manager_key
from wagtail.models import Page

from base.models import User
from courses.catalogue import Catalogue
from home.demo.site import DemoSite
from home.models import HomePage
from search.vocabulary import Vocabulary
from tests import databases
from tests.factories import UserFactory

SHARED_CLEAN = "test_clean"
SHARED_DEMO = "test_demo"
CHROMIUM = shutil.which("chromium")
# Root may not use the sandbox; the rest keeps Chromium from asking other hosts by itself.
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

hypothesis.settings.register_profile(
    "site",
    deadline=None,  # machines differ
    derandomize=os.environ.get("CI") == "true",
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
)
hypothesis.settings.load_profile("site")


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all test processes of this run share."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in a file: one in memory cannot be read by a server and a test at the same time."""
    if databases.is_sqlite():
        folder = tmp_path_factory.mktemp("database")
        databases.connection.settings_dict["TEST"]["NAME"] = str(folder / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    django_db_modify_db_settings: None,
    shared_folder: Path,
) -> Iterator[None]:
    """Make the test database, whichever tests are chosen.

    pytest-django's own makes none where no chosen test has the mark `django_db`; what copies the
    test database would then copy the developer's. The first test process runs the migrations; the
    others copy what they made.
    """
    shared = str(shared_folder / "clean.sqlite3") if databases.is_sqlite() else SHARED_CLEAN
    done = shared_folder / "clean-done"
    with django_db_blocker.unblock(), ExitStack() as cleanup:
        with databases.lock(shared_folder / "clean-lock"):
            if done.exists():
                own = databases.connection.settings_dict["TEST"]["NAME"]
                databases.drop(own)
                databases.copy(shared, own)
                cleanup.callback(databases.drop, own)
                cleanup.enter_context(databases.using(own))
            else:
                made = setup_databases(verbosity=0, interactive=False, aliases={"default"})
                cleanup.callback(teardown_databases, made, verbosity=0)
                databases.drop(shared)
                databases.copy(databases.current(), shared)
                done.touch()
        django_db_blocker.restore()
        yield
        django_db_blocker.unblock()


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Lets a worker do what is queued and due. It keeps the test's own connection."""
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)
    return lambda: call_command("run_worker", batch=True)


@pytest.fixture
def work_later(work: Callable[[], None]) -> Callable[[], None]:
    """The same, after what was put off has become due."""

    def later() -> None:
        put_off = DBTaskResult.objects.filter(run_after__lt=get_date_max())
        put_off.update(run_after=timezone.now())
        work()

    return later


@pytest.fixture(autouse=True)
def _forget() -> None:
    """What one test left in memory means nothing to the next."""
    cache.clear()
    Catalogue.kept.clear()
    Vocabulary.kept = None


def pytest_collection_finish() -> None:
    """Let the garbage collector look only at what the tests make, not at what was loaded before."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not databases.is_sqlite() and "PYTEST_XDIST_WORKER" not in os.environ:
        with config.stash[blocking_manager_key].unblock():
            databases.drop(SHARED_CLEAN)
            databases.drop(SHARED_DEMO)
    shutil.rmtree(settings.VAR, ignore_errors=True)


# The demo's content


@pytest.fixture(scope="session")
def demo_database(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, shared_folder: Path
) -> Iterator[str]:
    """The name of a database with the demo's content and every rendition that its pages need.

    The first test process that asks for it makes it; the others copy it.
    """
    clean = databases.current()
    shared = str(shared_folder / "demo.sqlite3") if databases.is_sqlite() else SHARED_DEMO
    own = databases.new_name()
    done = shared_folder / "demo-done"
    with django_db_blocker.unblock(), databases.lock(shared_folder / "demo-lock"):
        if not done.exists():
            databases.copy(clean, own)
            with databases.using(own):
                DemoSite().load()
                visit_every_page(Client())
            databases.drop(shared)
            databases.copy(own, shared)
            databases.share_media(shared_folder / "media")
            done.touch()
        else:
            databases.copy(shared, own)
            databases.fetch_media(shared_folder / "media")
    yield own
    with django_db_blocker.unblock():
        databases.drop(own)


def visit_every_page(client: Client) -> None:
    for page in Page.objects.live().filter(depth__gt=1).specific():
        assert client.get(page.url).status_code == 200, page.url


@pytest.fixture(scope="module")
def demo(demo_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demo's content for every test of a module, each in a transaction of its own."""
    with databases.using(demo_database):
        yield


@pytest.fixture
def real_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database of the test's own, in which writes are committed and every thread sees them.

    Not together with `db` or the mark `django_db`: those work inside a transaction.
    """
    assert not databases.connection.in_atomic_block
    with django_db_blocker.unblock(), databases.copy_of(databases.current()):
        yield


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Without Chromium browser tests are left out; under CI=true they may not be."""
    if CHROMIUM is None and item.get_closest_marker("browser"):
        reason = "this machine has no Chromium (Debian: apt-get install chromium)."
        if os.environ.get("CI") == "true":
            pytest.fail(f"Cannot run: {reason}")
        pytest.skip(f"Left out, because {reason}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


# People and pages


@pytest.fixture
def home(db: None) -> HomePage:
    """The home page that the migrations make."""
    page: HomePage = HomePage.objects.get()
    return page


@pytest.fixture
def staff(db: None) -> User:
    """Somebody who may do everything in the admin."""
    user: User = UserFactory(is_superuser=True, is_staff=True)
    return user


@pytest.fixture
def admin(client: Client, staff: User) -> Client:
    """A browser in which staff are signed in."""
    client.force_login(staff)
    return client


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> Callable[[int, int], int]:
    """How often a slow proof is repeated: `rounds(5, 100)` is 100 in `make proofs`, else 5."""
    in_full = request.config.option.markexpr == "slow" and not os.environ.get("SHORT")
    return lambda short, full: full if in_full else short
