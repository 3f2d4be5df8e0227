from django.apps import AppConfig


class BlogAppConfig(AppConfig):
    """News: the index and its posts."""

    name = "blog"
