"""How all forms of the site are drawn."""

from __future__ import annotations

from typing import Any

from django.forms import BoundField, Widget
from django.forms.renderers import DjangoTemplates


class QuietlyHiddenField(BoundField):
    """A field that, drawn as hidden, refers to no help text and no error: neither is drawn then."""

    def build_widget_attrs(self, attrs: Any, widget: Widget | None = None) -> Any:
        """Return the attributes of the field, or of the hidden one in its place."""
        built = super().build_widget_attrs(attrs, widget)
        if widget and widget.is_hidden:
            built.pop("aria-describedby", None)
        return built


class FormRenderer(DjangoTemplates):
    """Django's own, with fields that can be hidden well."""

    bound_field_class = QuietlyHiddenField
