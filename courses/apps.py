from django.apps import AppConfig


class CoursesAppConfig(AppConfig):
    """The catalogue: courses, their dates and the places where they happen."""

    name = "courses"

    def ready(self) -> None:
        """Let the catalogue know of changes, and searches know the catalogue."""
        from . import searching  # noqa: F401  # registers itself
        from .editions import connect

        connect()
