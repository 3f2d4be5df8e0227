from django.apps import AppConfig


class EnquiriesAppConfig(AppConfig):
    """Organisations that ask for training of their own, and the planner that helps them to ask."""

    name = "courses.enquiries"
    label = "courses_enquiries"
    verbose_name = "enquiries"
