from django.apps import AppConfig
from django.db.models import DateTimeField


class BaseAppConfig(AppConfig):
    """The foundation: what every other app is built from."""

    name = "base"

    def ready(self) -> None:
        """Let every form of the admin ask for moments in the same way."""
        from wagtail.admin.forms.models import register_form_field_override
        from wagtail.admin.widgets import AdminDateTimeInput

        from .forms import LocalDateTimeField

        register_form_field_override(
            DateTimeField,
            override={"form_class": LocalDateTimeField, "widget": AdminDateTimeInput},
        )
