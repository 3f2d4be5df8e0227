"""What is written once and used on many pages."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from factory.django import DjangoModelFactory
from wagtail.models import Page, PreviewableMixin
from wagtail.snippets.models import get_snippet_models

from base.models import CallToAction, MenuItem
from tests import markup
from tests.factories import (
    AudienceFactory,
    CallToActionFactory,
    CareCertificateStandardFactory,
    CreditFactory,
    CustomImageFactory,
    DiscountFactory,
    OrganisationSettingsFactory,
    RoleFactory,
    StandardPageFactory,
    SynonymFactory,
    TestimonialFactory,
    TopicFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db

FACTORIES: dict[type[Model], type[DjangoModelFactory]] = {
    factory._meta.model: factory
    for factory in (
        AudienceFactory,
        CallToActionFactory,
        CareCertificateStandardFactory,
        CreditFactory,
        DiscountFactory,
        RoleFactory,
        SynonymFactory,
        TestimonialFactory,
        TopicFactory,
        VenueFactory,
    )
}
OURS = [model for model in get_snippet_models() if not model.__module__.startswith("wagtail")]

every_snippet = pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)


def url(name: str, model: type[Model], *args: object) -> str:
    return reverse(model.snippet_viewset.get_url_name(name), args=args)


@every_snippet
def test_has_a_factory(model: type[Model]) -> None:
    assert model in FACTORIES, f"Write a factory for {model._meta.label}"


@every_snippet
def test_can_be_listed_added_edited_and_deleted(model: type[Model], admin: Client) -> None:
    item = FACTORIES[model]()
    page = admin.get(url("list", model))
    assert page.status_code == 200
    assert str(item).split(":")[0] in page.content.decode()
    assert admin.get(url("list", model), {"q": "care"}).status_code == 200
    assert admin.get(url("add", model)).status_code == 200
    assert admin.get(url("edit", model, item.pk)).status_code == 200
    assert admin.post(url("delete", model, item.pk)).status_code == 302
    assert not model.objects.filter(pk=item.pk).exists()


@pytest.mark.parametrize(
    "model", [model for model in OURS if issubclass(model, PreviewableMixin)], ids=str
)
def test_can_be_previewed(model: type[Model], admin: Client) -> None:
    item = FACTORIES[model]()
    for mode, _ in item.preview_modes:
        response = item.make_preview_request(preview_mode=mode)
        assert response.status_code == 200
        assert (getattr(item, "quote", "") or item.title) in response.content.decode()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"link_url": ""}, "link_page"),
        ({"link_page": True}, "link_page"),
        ({"link_url": "javascript:alert(1)"}, "link_url"),
        ({"link_text": ""}, "link_text"),
    ],
    ids=str,
)
def test_an_invitation_leads_to_one_place(fields: dict, wrong: str) -> None:
    if fields.get("link_page"):
        fields = {"link_page": StandardPageFactory()}
    with pytest.raises(ValidationError) as refused:
        CallToActionFactory.build(**fields).full_clean()
    assert wrong in refused.value.message_dict


def test_an_invitation_to_an_unpublished_page_leads_nowhere() -> None:
    page = StandardPageFactory()
    invitation = CallToActionFactory(link_page=page, link_url="")
    assert invitation.url == page.url
    page.unpublish()
    assert CallToAction.objects.get().url == ""


def test_an_invitation_stands_on_pages_while_it_leads_somewhere(client: Client) -> None:
    target = StandardPageFactory()
    invitation = CallToActionFactory(title="Come along", link_page=target, link_url="")
    body = [{"type": "shared_call_to_action", "value": invitation.pk}]
    page = StandardPageFactory(body=body)
    assert "Come along" in client.get(page.url).content.decode()
    target.unpublish()
    assert "Come along" not in client.get(page.url).content.decode()
    invitation.delete()
    assert client.get(page.url).status_code == 200


@pytest.mark.parametrize("field", ["name", "slug"])
def test_a_topic_is_there_once(field: str) -> None:
    topic = TopicFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        TopicFactory(**{field: getattr(topic, field)})


def test_a_testimonial_outlives_its_picture(client: Client) -> None:
    picture = CustomImageFactory()
    said = TestimonialFactory(image=picture)
    picture.delete()
    said.refresh_from_db()
    assert said.image is None
    page = StandardPageFactory(body=[{"type": "testimonial", "value": said.pk}])
    assert said.quote in markup.read(client.get(page.url).content).get_text()


def delete(admin: Client, page: Page) -> None:
    """Delete a page as staff do."""
    url = reverse("wagtailadmin_pages:delete", args=[page.pk])
    assert admin.get(url).status_code == 200
    assert admin.post(url).status_code == 302
    assert not Page.objects.filter(pk=page.pk).exists()


def test_an_invitation_outlives_the_page_it_leads_to(admin: Client) -> None:
    target = StandardPageFactory()
    invitation = CallToActionFactory(title="Come along", link_page=target, link_url="")
    page = StandardPageFactory(body=[{"type": "shared_call_to_action", "value": invitation.pk}])
    delete(admin, target)
    invitation.refresh_from_db()
    assert (invitation.link_page, invitation.url) == (None, "")
    assert "Come along" not in Client().get(page.url).content.decode()
    invitation.link_page = page
    invitation.save()
    assert "Come along" in Client().get(page.url).content.decode()


def test_a_menu_loses_the_entry_of_a_page_that_is_deleted(admin: Client) -> None:
    organisation = OrganisationSettingsFactory()
    goes, stays = StandardPageFactory(title="Goes"), StandardPageFactory(title="Stays")
    for page in (goes, stays):
        MenuItem.objects.create(main_of=organisation, page=page)
    delete(admin, goes)
    assert [item.page.title for item in MenuItem.objects.all()] == ["Stays"]
    assert Client().get(stays.url).status_code == 200


@pytest.mark.parametrize("year", [0, 19, 1899, timezone.localdate().year + 1, 20260])
def test_a_testimonial_is_of_a_year_that_can_be(year: int) -> None:
    with pytest.raises(ValidationError) as refused:
        TestimonialFactory.build(year=year).full_clean()
    assert "four digits" in refused.value.message_dict["year"][0]


@pytest.mark.parametrize("year", [None, 1900, timezone.localdate().year])
def test_a_testimonial_may_be_of_any_other_year_or_none(year: int | None) -> None:
    TestimonialFactory.build(year=year).full_clean()
