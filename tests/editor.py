"""What a browser sends when staff press a button in the page editor."""

from typing import Any

from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.test.utils.form_data import (
    nested_form_data,
    querydict_from_html,
    rich_text,
    streamfield,
)

from base.blocks.text import TEXT_FEATURES

FORM = "page-edit-form"


def paragraphs(*texts: str) -> dict[str, Any]:
    """A body of paragraphs, as the editor sends it."""
    return streamfield(
        [("paragraph", rich_text(f"<p>{text}</p>", features=TEXT_FEATURES)) for text in texts]
    )


def edit_url(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def add_url(model: type[Page], parent: Page) -> str:
    options = model._meta
    return reverse(
        "wagtailadmin_pages:add", args=[options.app_label, options.model_name, parent.pk]
    )


def form_data(client: Client, url: str, model: type[Page], **changes: Any) -> QueryDict:
    """Everything that the editor's form at an address sends, with some answers changed.

    The editor's scripts make the inputs of StreamFields; here a body gets one paragraph, and the
    others nothing.
    """
    response = client.get(url)
    assert response.status_code == 200, response.status_code
    data = querydict_from_html(response.content.decode(), form_id=FORM).copy()
    for field in model._meta.get_fields():
        if isinstance(field, StreamField):
            body = paragraphs("Words enough.") if field.name == "body" else streamfield([])
            data.update(nested_form_data({field.name: body}))
    for name, value in nested_form_data(changes).items() if changes else ():
        data[name] = value
    return data
