"""What `make run` does before it serves: once whatever is missing, and never more."""

import re
import stat
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from wagtail.models import Site

from base.models import User
from home.models import HomePage, StandardPage
from tests import databases
from tests.factories import StandardPageFactory, UserFactory


@pytest.fixture
def prepared(
    demo_database: str, django_db_blocker: Any, settings: Any, tmp_path: Path
) -> Iterator[str]:
    """What the command says on a machine where it never ran, with committed writes."""
    settings.VAR = tmp_path / "var"
    with django_db_blocker.unblock(), databases.copy_of(demo_database):
        yield prepare()


def prepare(port: int = 8000) -> str:
    output = StringIO()
    call_command("prepare_site", port=port, stdout=output)
    return output.getvalue()


def account(folder: Path) -> tuple[str, str]:
    name, password = folder.joinpath("first-account.txt").read_text().splitlines()
    return name.removeprefix("user name: "), password.removeprefix("password: ")


def test_it_says_where_the_site_is_and_how_to_sign_in(prepared: str, settings: Any) -> None:
    assert "http://127.0.0.1:8000/" in prepared
    assert "http://127.0.0.1:8000/admin/" in prepared
    name, password = account(settings.VAR)
    assert name in prepared
    assert password in prepared
    assert authenticate(username=name, password=password).is_superuser


def test_the_password_is_random_and_for_its_owner_alone(prepared: str, settings: Any) -> None:
    _, password = account(settings.VAR)
    assert re.fullmatch(r"[\w-]{20,}", password)
    mode = (settings.VAR / "first-account.txt").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    User.objects.all().delete()
    prepare()
    _, other = account(settings.VAR)
    assert other != password


def test_a_second_run_keeps_what_staff_changed(prepared: str, settings: Any) -> None:
    home = HomePage.objects.get()
    home.hero_title = "Our own promise"
    home.save_revision().publish()
    StandardPage.objects.get(slug="about").delete()
    again = prepare(port=8123)
    home.refresh_from_db()
    assert home.hero_title == "Our own promise"
    assert not StandardPage.objects.filter(slug="about").exists()
    assert User.objects.count() == 1
    assert "Loading the demo" not in again
    assert "http://127.0.0.1:8123/" in again


def test_it_prints_the_password_only_while_it_is_right(prepared: str, settings: Any) -> None:
    name, password = account(settings.VAR)
    assert password in prepare()
    user = User.objects.get()
    user.set_password("changed by staff")
    user.save()
    again = prepare()
    assert password not in again
    assert "with your own account" in again
    assert authenticate(username=name, password="changed by staff")


@pytest.mark.usefixtures("real_database")
def test_a_new_site_is_filled_once(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path / "var"
    assert "Loading the demo" in prepare()
    assert StandardPage.objects.filter(slug="about").exists()
    # Staff may take it all away again; then it stays away, whatever is in var/.
    call_command("load_demo", "--clear", stdout=StringIO())
    settings.VAR = tmp_path / "elsewhere"
    assert "Loading the demo" not in prepare()


@pytest.mark.usefixtures("real_database")
def test_a_live_site_stays_as_it_is_when_var_is_new(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path / "var"
    UserFactory(username="editor")
    page = StandardPageFactory(title="Ours")
    said = prepare()
    assert "Loading the demo" not in said
    assert list(HomePage.objects.get().get_children()) == [page.page_ptr]
    assert User.objects.get().username == "editor"
    assert "with your own account" in said


@pytest.mark.usefixtures("real_database")
@pytest.mark.parametrize("change", ["text", "draft"])
def test_a_home_page_that_staff_began_is_left_to_them(
    change: str, settings: Any, tmp_path: Path
) -> None:
    settings.VAR = tmp_path / "var"
    home = HomePage.objects.get()
    if change == "text":
        HomePage.objects.update(hero_intro="Our own words")
    else:
        home.save_revision(user=UserFactory())
    assert "Loading the demo" not in prepare()


def test_full_addresses_lead_to_this_machine_unless_the_site_has_a_name(prepared: str) -> None:
    assert HomePage.objects.get().full_url == "http://127.0.0.1:8000/"
    prepare(port=8123)
    assert HomePage.objects.get().full_url == "http://127.0.0.1:8123/"
    Site.objects.update(hostname="www.example.org", port=443)
    Site.clear_site_root_paths_cache()
    prepare()
    assert Site.objects.get().hostname == "www.example.org"
