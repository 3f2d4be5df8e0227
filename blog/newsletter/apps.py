from django.apps import AppConfig


class NewsletterAppConfig(AppConfig):
    """Who gets the newsletter, and what they agreed to."""

    name = "blog.newsletter"
    label = "blog_newsletter"
    verbose_name = "newsletter"

    def ready(self) -> None:
        """Hear what mail providers tell."""
        from . import receivers  # noqa: F401
