"""What belongs to the whole site: its maps and signs, its error pages, its locks and its health."""

import datetime as dt
import json
import runpy
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import LazySettings, settings
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import path
from django.utils import timezone
from django.views.defaults import permission_denied
from wagtail.models import Page

from base.models import User
from config.settings import base
from config.urls import urlpatterns as real_urlpatterns
from home.models import HomePage
from tests import markup
from tests.factories import (
    PASSWORD,
    BlogPageFactory,
    ContactPageFactory,
    CustomImageFactory,
    DocumentFactory,
    PersonPageFactory,
    StandardPageFactory,
    make_private,
)

# What crawlers and phones ask for


def sitemap_addresses(client: Client) -> list[str]:
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)  # noqa: S314
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    return [
        element.text.removeprefix("http://localhost")
        for element in tree.iterfind(".//s:loc", names)
    ]


@pytest.mark.django_db
def test_the_sitemap_holds_exactly_the_live_public_pages(home: HomePage, client: Client) -> None:
    shown = [BlogPageFactory(), StandardPageFactory(), PersonPageFactory(), ContactPageFactory()]
    StandardPageFactory(live=False)
    BlogPageFactory(live=False, expired=True)
    later = BlogPageFactory(live=False, go_live_at=timezone.now() + dt.timedelta(days=1))
    later.save_revision(approved_go_live_at=later.go_live_at)
    BlogPageFactory().unpublish()
    private = make_private(StandardPageFactory())
    StandardPageFactory(parent=private)
    expected = {page.url for page in shown} | {"/", "/blog/", "/our-people/"}
    addresses = sitemap_addresses(client)
    assert set(addresses) == expected
    assert len(addresses) == len(expected)


@pytest.mark.django_db
def test_robots_are_shown_the_sitemap_and_kept_from_the_admin(client: Client) -> None:
    response = client.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    lines = response.content.decode().splitlines()
    assert "Sitemap: http://localhost/sitemap.xml" in lines
    assert "Disallow: /admin/" in lines


@pytest.mark.django_db
def test_the_manifest_names_icons_that_exist(client: Client) -> None:
    response = client.get("/site.webmanifest")
    assert response["Content-Type"] == "application/manifest+json"
    manifest = json.loads(response.content)
    assert manifest["name"] == "Brightening Minds Training"
    assert manifest["icons"]
    for icon in manifest["icons"]:
        assert finders.find(icon["src"].removeprefix(settings.STATIC_URL)), icon


@pytest.mark.django_db
def test_the_favicon_is_where_browsers_look(client: Client) -> None:
    response = client.get("/favicon.ico")
    assert response.status_code == 302
    assert finders.find(response["Location"].removeprefix(settings.STATIC_URL))


# Pages that explain a fault


@pytest.mark.django_db
@pytest.mark.parametrize(
    "url",
    ["/nowhere/", "/nowhere", "/blog/nothing/", "/admin-x/", "/%00/", "/%ff/", "/a" * 1000, "/😀/"],
)
def test_what_is_not_there_is_explained(url: str, client: Client) -> None:
    BlogPageFactory()
    response = client.get(url, follow=True)
    assert response.status_code == 404
    page = markup.read(response.content)
    assert "could not find that page" in page.h1.get_text()
    assert page.main.find("a", href="/")
    assert page.main.find("form", action="/search/")
    assert markup.faults(response.content) == []


@pytest.mark.django_db
def test_a_forged_host_is_refused_in_the_sites_own_words(client: Client) -> None:
    response = client.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "could not make sense of that" in markup.read(response.content).h1.get_text()
    assert b"evil.example" not in response.content
    assert markup.faults(response.content) == []


def test_a_forbidden_page_is_explained(rf: RequestFactory) -> None:
    response = permission_denied(rf.get("/"), PermissionDenied())
    assert response.status_code == 403
    assert "not open to everyone" in markup.read(response.content).h1.get_text()
    assert markup.faults(response.content) == []


@pytest.mark.django_db
def test_a_form_without_its_token_is_explained() -> None:
    page = ContactPageFactory()
    response = Client(enforce_csrf_checks=True).post(page.url, {})
    assert response.status_code == 403
    assert "send that once more" in markup.read(response.content).h1.get_text()
    assert markup.faults(response.content) == []


def explode(request: HttpRequest) -> None:
    raise RuntimeError("a fault that nobody foresaw")


class WithFault:
    urlpatterns = [path("explode/", explode), *real_urlpatterns]


def test_a_fault_of_ours_is_explained_without_a_database(
    client: Client, settings: LazySettings
) -> None:
    settings.ROOT_URLCONF = WithFault
    client.raise_request_exception = False
    response = client.get("/explode/")
    assert response.status_code == 500
    page = markup.read(response.content)
    assert "went wrong on our side" in page.h1.get_text()
    assert "foresaw" not in page.get_text()
    assert list(markup.inline_faults(page)) == []


def test_the_page_of_last_resort_needs_no_template_engine() -> None:
    html = (settings.ROOT / "site/base/templates/500.html").read_text()
    assert "{%" not in html
    assert "{{" not in html
    for address in markup.resources(markup.read(html)):
        assert finders.find(address.removeprefix("/static/")), address


# Health


def test_live_asks_nothing_of_the_database(client: Client) -> None:
    response = client.get("/health/live")
    assert response.status_code == 200


@pytest.mark.django_db
def test_ready_when_the_database_is(client: Client) -> None:
    response = client.get("/health/ready")
    assert (response.status_code, response.json()) == (200, {"ready": True})


@pytest.mark.django_db
def test_not_ready_while_a_migration_waits(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'courses'")
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert "wait" in response.json()["problem"]


def test_not_ready_without_a_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_answer() -> None:
        raise DatabaseError("secret details")

    monkeypatch.setattr(connection, "ensure_connection", no_answer)
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json() == {"ready": False, "problem": "The database does not answer."}


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/health/live", "/health/ready", "/robots.txt", "/search/"])
def test_what_only_reads_refuses_writing(url: str, client: Client) -> None:
    assert client.head(url).status_code == 200
    assert client.post(url).status_code == 405


# Locks


def policy(response: object) -> dict[str, list[str]]:
    directives = response["Content-Security-Policy"].split(";")
    return {words[0]: words[1:] for words in map(str.split, directives) if words}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "url", ["/", "/nowhere/", "/search/?q=care", "/robots.txt", "/sitemap.xml", "/health/live"]
)
def test_public_pages_carry_a_strict_policy(url: str, client: Client) -> None:
    response = client.get(url)
    directives = policy(response)
    assert directives["default-src"] == ["'none'"]
    assert directives["object-src"] == ["'none'"]
    assert directives["base-uri"] == ["'none'"]
    for name in ("script-src", "style-src", "img-src", "font-src", "connect-src", "form-action"):
        assert directives[name] == ["'self'"], name
    assert directives["frame-ancestors"] == ["'self'"]
    sources = [source for sources in directives.values() for source in sources]
    assert "*" not in sources
    assert not {"'unsafe-inline'", "'unsafe-eval'", "data:", "http:", "https:"} & set(sources)


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/admin/", "/admin/login/"])
def test_the_admin_carries_its_own_policy(url: str, admin: Client) -> None:
    directives = policy(admin.get(url, follow=True))
    assert "'unsafe-inline'" in directives["script-src"]
    assert "'unsafe-eval'" not in directives["script-src"]
    assert directives["default-src"] == ["'none'"]
    assert directives["object-src"] == ["'none'"]


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/", "/admin/login/", "/nowhere/"])
def test_every_answer_carries_the_other_locks(url: str, client: Client) -> None:
    response = client.get(url)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.django_db
def test_visitors_get_no_cookie(client: Client) -> None:
    assert client.get("/").status_code == 200
    assert not client.cookies


@pytest.mark.django_db
def test_the_admin_asks_who_is_there(client: Client) -> None:
    response = client.get("/admin/pages/")
    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")


@pytest.mark.django_db
def test_signing_in_with_a_password(client: Client) -> None:
    user = User.objects.create_superuser("office", password=PASSWORD)
    wrong = client.post("/admin/login/", {"username": "office", "password": "wrong"})
    assert wrong.status_code == 200
    right = client.post("/admin/login/", {"username": "office", "password": PASSWORD})
    assert right.status_code == 302
    assert int(client.session["_auth_user_id"]) == user.pk


@pytest.mark.django_db
def test_a_private_page_asks_who_is_there(client: Client) -> None:
    page = make_private(StandardPageFactory(title="For the team"))
    below = StandardPageFactory(parent=page)
    for url in (page.url, below.url):
        response = client.get(url)
        assert response.status_code == 302
        assert "login" in response["Location"]


# Pictures and documents


@pytest.fixture
def rendition(db: None) -> str:
    """The address of a picture's rendition."""
    url: str = CustomImageFactory().get_rendition("fill-20x20").url
    return url


@pytest.mark.django_db
def test_a_rendition_is_served_for_ever(rendition: str, client: Client) -> None:
    response = client.get(rendition)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    assert b"".join(response.streaming_content).startswith(b"\x89PNG")
    assert "immutable" in response["Cache-Control"]
    head = client.head(rendition)
    assert head.status_code == 200
    assert head["Content-Length"] == response["Content-Length"]


@pytest.mark.django_db
def test_a_rendition_is_not_sent_twice(rendition: str, client: Client) -> None:
    modified = client.get(rendition)["Last-Modified"]
    again = client.get(rendition, headers={"if-modified-since": modified})
    assert again.status_code == 304
    older = "Mon, 01 Jan 2001 00:00:00 GMT"
    assert client.get(rendition, headers={"if-modified-since": older}).status_code == 200
    assert client.get(rendition, headers={"if-modified-since": "nonsense"}).status_code == 200


@pytest.mark.django_db
def test_originals_and_documents_are_not_served(client: Client) -> None:
    picture = CustomImageFactory()
    document = DocumentFactory()
    assert client.get(picture.file.url).status_code == 404
    assert client.get(document.file.url).status_code == 404
    assert default_storage.exists(picture.file.name)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "images/../secret.txt",
        "images/%2e%2e/secret.txt",
        "images/..%2fsecret.txt",
        "images/%00.png",
        "images/%ff.png",
        "images//etc/passwd",
        "images/",
        "images",
        "",
        "secret.txt",
        "/secret.txt",
        "images/" + "a" * 300,
        "images/nothing.png",
    ],
)
def test_nothing_else_is_served(address: str, rendition: str, client: Client) -> None:
    secret = default_storage.save("secret.txt", ContentFile(b"secret"))
    try:
        assert client.get(f"/media/{address}").status_code == 404
    finally:
        default_storage.delete(secret)


@pytest.mark.django_db
def test_a_document_is_handed_out_at_its_own_address(client: Client) -> None:
    document = DocumentFactory()
    response = client.get(document.url)
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]
    list(response)


# The settings themselves


@pytest.mark.django_db
def test_tests_write_into_no_developers_folder() -> None:
    for folder in (
        settings.VAR,
        settings.MEDIA_ROOT,
        settings.STATIC_ROOT,
        str(connection.settings_dict["NAME"]),
    ):
        assert settings.ROOT not in Path(folder).parents


def test_every_page_has_an_english_language_and_a_british_time() -> None:
    assert (settings.LANGUAGE_CODE, settings.TIME_ZONE) == ("en-gb", "Europe/London")


@pytest.mark.django_db
def test_pages_answer_head_as_they_answer_get(client: Client) -> None:
    for page in Page.objects.live().filter(depth__gt=1):
        assert client.head(page.url).status_code == 200


def test_postgresql_compiles_no_queries(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgres://site@127.0.0.1/site?sslmode=require&options=-c%20lock_timeout=9"
    monkeypatch.setenv("DATABASE_URL", url)
    options = runpy.run_path(base.__file__)["DATABASES"]["default"]["OPTIONS"]
    assert options == {"sslmode": "require", "options": "-c lock_timeout=9 -c jit=off"}
