"""Every field tells the person who fills it in what will come of it."""

import pytest
from django.db.models import Model
from wagtail.admin.panels import get_edit_handler
from wagtail.models import Page, get_page_models
from wagtail.snippets.models import get_snippet_models

from base.models import MenuItem, OrganisationSettings
from blog.models import BlogPageAuthor
from courses.models import CourseRun, CourseTrainer
from home.models import ContactFormField

MODELS = [
    *(model for model in get_page_models() if model.__module__.split(".")[0] != "wagtail"),
    *(model for model in get_snippet_models() if model.__module__.split(".")[0] != "wagtail"),
    OrganisationSettings,
    CourseRun,
    MenuItem,
    BlogPageAuthor,
    CourseTrainer,
    ContactFormField,
]
# Wagtail's own, and those whose name says it all.
SELF_EXPLAINING = {
    "title",
    "name",
    "number",
    "label",
    "go_live_at",
    "expire_at",
    "comment_notifications",
    "person",
    "from_address",
    "subject",
    "help_text",
    "field_type",
    "required",
    "address",
    "postcode",
}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_field_has_help(model: type[Model]) -> None:
    panels = model.get_edit_handler() if issubclass(model, Page) else get_edit_handler(model)
    fields = panels.get_form_class().base_fields
    silent = [name for name, field in fields.items() if not field.help_text]
    assert [name for name in silent if name not in SELF_EXPLAINING] == []
