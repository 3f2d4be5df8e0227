from django.apps import AppConfig


class CoursesAppConfig(AppConfig):
    """The catalogue: courses, their dates and the places where they happen."""

    name = "courses"

    def ready(self) -> None:
        """Follow changes for the catalogue and for prices, and tell searches of the catalogue."""
        from . import editions, price_log, searching  # noqa: F401  # searching registers itself

        editions.connect()
        price_log.connect()
