from django.apps import AppConfig


class HomeAppConfig(AppConfig):
    """The home page, the pages around it, and what brings news and courses together."""

    name = "home"
