"""Where staff enter an address to which the site writes, it takes none that no mail reaches.

A mark that nobody sees comes along when an address is copied; each mail to it would fail.
"""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import Site

from blog.comments.models import CommentSettings
from courses.bookings.models import BookingSettings
from courses.enquiries.models import EnquirySettings
from home.models import ContactPage
from tests.factories import ContactPageFactory

pytestmark = pytest.mark.django_db

PLACES = [
    (BookingSettings, "office"),
    (EnquirySettings, "office"),
    (CommentSettings, "moderators"),
    (ContactPage, "to_address"),
    (ContactPage, "from_address"),
]


def thing_with(model: Any, **values: str) -> Any:
    if model is ContactPage:
        page = ContactPageFactory()
        page.__dict__.update(values)
        return page
    return model(site=Site.objects.get(is_default_site=True), **values)


@pytest.mark.parametrize(("model", "field"), PLACES)
@pytest.mark.parametrize("address", ["office@exa\u200emple.org", "off\u200eice@example.org"])
def test_an_address_with_a_hidden_mark_is_refused(model: Any, field: str, address: str) -> None:
    with pytest.raises(ValidationError) as refused:
        thing_with(model, **{field: address}).full_clean()
    assert list(refused.value.message_dict) == [field]


@pytest.mark.parametrize(("model", "field"), PLACES)
def test_an_address_that_mails_reach_is_taken(model: Any, field: str) -> None:
    thing_with(model, **{field: "office@example.org"}).full_clean()


def test_a_form_page_writes_to_several() -> None:
    page = thing_with(ContactPage, to_address=" a@example.org,b@müller.example")
    page.full_clean()
    assert page.to_address == "a@example.org, b@xn--mller-kva.example"
