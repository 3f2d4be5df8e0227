from django.apps import AppConfig


class BaseAppConfig(AppConfig):
    """The foundation: what every other app is built from."""

    name = "base"
