from django.apps import AppConfig


class CoursesAppConfig(AppConfig):
    """The catalogue: courses, their dates and the places where they happen."""

    name = "courses"
