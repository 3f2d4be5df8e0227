"""Every page type can be shown, found, edited and previewed; a new one without a factory fails."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.fields import RichTextField
from wagtail.models import Page, get_page_models

from base.models import BasePage
from home.models import HomePage
from tests import editor, markup
from tests.factories import PAGE_FACTORIES

PAGE_TYPES = [model for model in get_page_models() if model is not Page]

pytestmark = pytest.mark.django_db

every_type = pytest.mark.parametrize("model", PAGE_TYPES, ids=lambda model: model.__name__)


def make(model: type[Page]) -> BasePage:
    """A page of a type; of the home page, the one that every site has."""
    if model is not HomePage:
        return PAGE_FACTORIES[model]()
    home: HomePage = HomePage.objects.get()
    home.hero_intro = "Every course is taught by two people."
    home.save()
    return home


@every_type
def test_has_a_factory(model: type[Page]) -> None:
    assert model in PAGE_FACTORIES, f"Write a factory for {model._meta.label}"


@every_type
def test_is_shown(model: type[Page], client: Client) -> None:
    page = make(model)
    response = client.get(page.url)
    assert response.status_code == 200
    assert markup.faults(response.content) == []
    heading = markup.read(response.content).h1.get_text()
    assert heading == (page.hero_title if model is HomePage else page.title)


@every_type
def test_says_that_it_is_gone_when_unpublished(model: type[Page], client: Client) -> None:
    page = make(model)
    page.unpublish()
    assert client.get(page.url).status_code == 404


@every_type
def test_can_be_edited_and_published(model: type[Page], admin: Client) -> None:
    page = make(model)
    url = editor.edit_url(page)
    data = editor.form_data(admin, url, model, title="A better title")
    response = admin.post(url, data | {"action-publish": "1"})
    assert response.status_code == 302, response.context["form"].errors
    page.refresh_from_db()
    assert (page.title, page.live, page.has_unpublished_changes) == ("A better title", True, False)


@every_type
def test_keeps_a_draft_to_itself(model: type[Page], admin: Client) -> None:
    page = make(model)
    title = page.title
    url = editor.edit_url(page)
    response = admin.post(url, editor.form_data(admin, url, model, title="Half a thought"))
    assert response.status_code == 302
    page.refresh_from_db()
    assert page.title == title
    assert page.get_latest_revision_as_object().title == "Half a thought"


@every_type
def test_can_be_added_where_it_belongs(model: type[Page], admin: Client, home: HomePage) -> None:
    if model is HomePage:
        parent = Page.get_first_root_node()
        home.delete()
    else:
        page = make(model)
        parent = page.get_parent()
        page.delete()
    required = {
        "title": "A new page",
        "slug": "a-new-page",
        "hero_title": "A promise",
        "intro": "What it is about",
        "summary": "What it is about",
        "role": "Trainer",
        "duration_minutes": "360",
    }
    url = editor.add_url(model, parent.specific)
    # Formatted texts are sent in another form, and none is required.
    formatted = {
        field.name for field in model._meta.local_fields if isinstance(field, RichTextField)
    }
    changes = {
        name: value
        for name, value in required.items()
        if hasattr(model, name) and name not in formatted
    }
    response = admin.post(url, editor.form_data(admin, url, model, **changes))
    assert response.status_code == 302, response.context["form"].errors
    assert model.objects.get(slug="a-new-page").get_parent().pk == parent.pk


@every_type
def test_can_be_deleted(model: type[Page], admin: Client) -> None:
    page = make(model)
    response = admin.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
    assert response.status_code == 302
    assert not Page.objects.filter(pk=page.pk).exists()


@every_type
def test_can_be_previewed_in_every_mode(model: type[Page], admin: Client) -> None:
    page = make(model)
    data = editor.form_data(admin, editor.edit_url(page), model, title="Not yet published")
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    for mode, _ in page.preview_modes:
        answer = admin.post(url, data, query_params={"mode": mode})
        assert answer.json() == {"is_valid": True, "is_available": True}
        response = admin.get(url, {"mode": mode})
        assert response.status_code == 200
        assert markup.read(response.content).h1
    page.refresh_from_db()
    assert page.title != "Not yet published"


@pytest.mark.parametrize(
    "model",
    # The home page is made with the site and never added.
    [model for model in PAGE_TYPES if model is not HomePage],
    ids=lambda model: model.__name__,
)
def test_can_be_previewed_before_it_is_saved(
    model: type[Page], admin: Client, home: HomePage
) -> None:
    parent = PAGE_FACTORIES[model]().get_parent()
    data = editor.form_data(admin, editor.edit_url(parent.get_children().last()), model, slug="new")
    args = [model._meta.app_label, model._meta.model_name, parent.pk]
    url = reverse("wagtailadmin_pages:preview_on_add", args=args)
    assert admin.post(url, data).json() == {"is_valid": True, "is_available": True}
    assert admin.get(url).status_code == 200


@every_type
def test_can_be_found(model: type[Page], client: Client) -> None:
    names = {field.field_name for field in model.get_search_fields()}
    assert {"title", "search_description"} < names
    page = make(model)
    page.title = "Quillwort and heather"
    page.save()
    response = client.get("/search/", {"q": "quillwort"})
    assert page.url in [link["href"] for link in markup.read(response.content).main.find_all("a")]


@every_type
def test_speaks_to_editors_in_words(model: type[Page]) -> None:
    """A name as people say it, and help where a field's name does not say what will happen."""
    assert model._meta.verbose_name == model._meta.verbose_name.lower()
    assert "index" not in model._meta.verbose_name
    clear = {"intro", "body", "page_ptr"}
    own = [field for field in model._meta.local_fields if field.name not in clear]
    assert not own or any(field.help_text for field in own)
