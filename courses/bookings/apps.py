from django.apps import AppConfig


class BookingsAppConfig(AppConfig):
    """Who comes to which date: bookings, the people in them, and those who wait for a place."""

    name = "courses.bookings"
    label = "courses_bookings"
    verbose_name = "bookings"

    def ready(self) -> None:
        """Offer a date's free places to those who wait, whenever staff save the date."""
        from . import signals  # noqa: F401
