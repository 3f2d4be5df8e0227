from django.apps import AppConfig


class CoursesAppConfig(AppConfig):
    """The catalogue: courses, their dates and the places where they happen."""

    name = "courses"

    def ready(self) -> None:
        """Let the catalogue and each course's history know of changes, and searches the catalogue."""
        from . import editions, price_log, searching  # noqa: F401  # searching registers itself

        editions.connect()
        price_log.connect()
