from django.apps import AppConfig


class SearchAppConfig(AppConfig):
    """One search for the whole site. It knows indexes, never page models."""

    name = "search"

    def ready(self) -> None:
        """Follow what changes what can be found."""
        from .signals import connect

        connect()
