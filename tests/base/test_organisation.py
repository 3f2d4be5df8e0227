"""What every page says about the organisation, and the menus that lead around its site."""

from typing import Any

import pytest
from bs4 import Tag
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, Site
from wagtail.test.utils.form_data import querydict_from_html

from base.models import MenuItem, OrganisationSettings
from tests import markup
from tests.factories import (
    BlogPageFactory,
    CustomImageFactory,
    OrganisationSettingsFactory,
    StandardPageFactory,
    make_private,
)

pytestmark = pytest.mark.django_db

MENUS = {"main": ".site-nav", "footer": ".site-footer nav"}


def add(menu: str, **fields: Any) -> None:
    """Add an entry at the end of one of the menus."""
    order = MenuItem.objects.count()
    owner = {f"{menu}_of": OrganisationSettingsFactory()}
    MenuItem.objects.create(sort_order=order, **owner, **fields)


def links(client: Client, menu: str, url: str = "/") -> dict[str, str]:
    page = markup.read(client.get(url).content)
    nav = page.select_one(MENUS[menu])
    return {link.get_text(strip=True): link["href"] for link in nav.find_all("a")} if nav else {}


@pytest.mark.parametrize("menu", MENUS)
def test_a_menu_shows_its_entries_in_order(menu: str, client: Client) -> None:
    page = StandardPageFactory(title="About us")
    add(menu, page=page)
    add(menu, page=page, label="Who we are")
    add(menu, url="https://www.example.org/", label="Elsewhere")
    shown = links(client, menu)
    assert list(shown) == ["About us", "Who we are", "Elsewhere"]
    assert list(shown.values()) == [page.url, page.url, "https://www.example.org/"]


@pytest.mark.parametrize("menu", MENUS)
def test_a_menu_leaves_out_what_visitors_cannot_open(menu: str, client: Client) -> None:
    gone, shown = StandardPageFactory(title="Gone"), StandardPageFactory(title="Here")
    add(menu, page=gone)
    add(menu, page=shown)
    gone.unpublish()
    assert list(links(client, menu)) == ["Here"]
    shown.delete()
    assert links(client, menu) == {}


def test_without_entries_there_is_no_menu(client: Client) -> None:
    page = markup.read(client.get("/").content)
    assert not page.select(MENUS["main"])
    assert not page.select(MENUS["footer"])


def test_the_menu_says_where_one_is(client: Client) -> None:
    post = BlogPageFactory()
    add("main", page=post.get_parent(), label="News")
    add("main", page=StandardPageFactory(), label="Other")

    def current(url: str) -> dict[str, str]:
        nav = markup.read(client.get(url).content).select_one(MENUS["main"])
        return {
            link.get_text(strip=True): link.get("aria-current", "") for link in nav.find_all("a")
        }

    assert current("/blog/") == {"News": "page", "Other": ""}
    assert current(post.url) == {"News": "true", "Other": ""}
    assert current("/") == {"News": "", "Other": ""}


@pytest.mark.parametrize("menu", MENUS)
@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, "page"),
        ({"page": True, "url": "https://www.example.org/"}, "page"),
        ({"url": "https://www.example.org/"}, "label"),
        ({"url": "javascript:alert(1)", "label": "Bad"}, "url"),
        ({"url": "nonsense", "label": "Bad"}, "url"),
        ({"page": True, "label": "x" * 41}, "label"),
    ],
    ids=str,
)
def test_an_entry_that_leads_nowhere_is_refused(
    menu: str, fields: dict[str, Any], wrong: str
) -> None:
    if fields.get("page"):
        fields = fields | {"page": StandardPageFactory()}
    entry = MenuItem(**{f"{menu}_of": OrganisationSettingsFactory()}, **fields)
    with pytest.raises(ValidationError) as refused:
        entry.full_clean()
    assert wrong in refused.value.message_dict


# The settings, through the admin's door


def settings_url() -> str:
    site = Site.objects.get(is_default_site=True)
    return reverse("wagtailsettings:edit", args=["base", "organisationsettings", site.pk])


def save(admin: Client, **changes: Any) -> HttpResponse:
    url = settings_url()
    html = markup.read(admin.get(url).content)
    form = next(form for form in html.find_all("form") if form.find(attrs={"name": "phone"}))
    form["id"] = "the-form"
    data = querydict_from_html(str(form), form_id="the-form").copy()
    for name, value in changes.items():
        data[name.replace("__", "-")] = value
    return admin.post(url, data)


def test_staff_change_what_every_page_says(admin: Client) -> None:
    response = save(admin, phone="0113 496 0000", email="hello@example.org", company_name="We Ltd")
    assert response.status_code == 302
    footer = markup.read(admin.get("/").content).find(class_="site-footer")
    assert footer.find("a", href="tel:01134960000")
    assert footer.find("a", href="mailto:hello@example.org")
    assert "We Ltd" in footer.get_text()


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "nobody"), ("linkedin_url", "linkedin"), ("phone", "1" * 31)],
)
def test_a_setting_that_cannot_be_is_refused_beside_its_field(
    field: str, value: str, admin: Client
) -> None:
    response = save(admin, address="Kept while the mistake is put right", **{field: value})
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert "Kept while the mistake is put right" in response.content.decode()
    assert not OrganisationSettings.objects.filter(**{field: value}).exists()


def test_what_is_left_empty_is_not_shown(client: Client) -> None:
    OrganisationSettingsFactory()
    footer = markup.read(client.get("/").content).find(class_="site-footer")
    assert not footer.find_all("h2")
    assert not footer.find_all("a")
    assert not footer.find(class_="site-footer__law")


def test_what_is_filled_in_is_shown(client: Client) -> None:
    OrganisationSettingsFactory(
        company_name="We Ltd",
        company_number="012",
        registered_in="England and Wales",
        vat_number="GB1",
        bluesky_url="https://bsky.example/we",
        footer_text="As equals.",
        opening_hours="9 to 5",
        logo=CustomImageFactory(),
    )
    page = markup.read(client.get("/").content)
    text = " ".join(page.find(class_="site-footer").get_text(" ").split())
    for words in (
        "We Ltd is a company registered in England and Wales, number 012",
        "GB1",
        "9 to 5",
    ):
        assert words in text
    assert page.find("a", href="https://bsky.example/we").get_text(strip=True) == "Bluesky"
    assert page.find(class_="brand").img


# The way here


def crumbs(client: Client, page: Page) -> list[Tag]:
    nav = markup.read(client.get(page.url).content).find(class_="breadcrumbs")
    return nav.find_all("li") if nav else []


def test_breadcrumbs_lead_back_to_the_home_page(client: Client) -> None:
    above = StandardPageFactory(title="Above", slug="above")
    page = StandardPageFactory(title="Here & now", parent=above)
    shown = crumbs(client, page)
    assert [crumb.get_text(strip=True) for crumb in shown] == ["Home", "Above", "Here & now"]
    assert [crumb.a and crumb.a["href"] for crumb in shown] == ["/", "/above/", None]
    assert shown[-1]["aria-current"] == "page"


def test_breadcrumbs_leave_out_what_is_not_public(client: Client) -> None:
    above = StandardPageFactory(title="Above")
    page = StandardPageFactory(title="Here", parent=above)
    above.unpublish()
    assert [crumb.get_text(strip=True) for crumb in crumbs(client, page)] == ["Home", "Here"]


def test_the_home_page_has_no_breadcrumbs(client: Client) -> None:
    assert not markup.read(client.get("/").content).find(class_="breadcrumbs")


def test_a_private_page_is_not_named_in_lists(client: Client) -> None:
    make_private(BlogPageFactory(title="For the team"))
    BlogPageFactory(title="For all")
    for url in ("/", "/blog/", "/search/?q=team", "/sitemap.xml"):
        assert "For the team" not in client.get(url).content.decode()
