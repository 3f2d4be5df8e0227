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
    name, _ = account(settings.VAR)
    home = HomePage.objects.get()
    home.hero_title = "Our own promise"
    home.save_revision().publish()
    StandardPage.objects.get(slug="about").delete()
    user = User.objects.get()
    user.set_password("changed by staff")
    user.save()
    again = prepare(port=8123)
    home.refresh_from_db()
    assert home.hero_title == "Our own promise"
    assert not StandardPage.objects.filter(slug="about").exists()
    assert authenticate(username=name, password="changed by staff")
    assert User.objects.count() == 1
    assert "Loading the demo" not in again
    assert "http://127.0.0.1:8123/" in again


def test_full_addresses_lead_to_this_machine_unless_the_site_has_a_name(prepared: str) -> None:
    assert HomePage.objects.get().full_url == "http://127.0.0.1:8000/"
    prepare(port=8123)
    assert HomePage.objects.get().full_url == "http://127.0.0.1:8123/"
    Site.objects.update(hostname="www.example.org", port=443)
    Site.clear_site_root_paths_cache()
    prepare()
    assert Site.objects.get().hostname == "www.example.org"
