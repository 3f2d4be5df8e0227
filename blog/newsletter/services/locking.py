from wagtail.models import Site

from ..models import NewsletterSettings


def lock() -> None:
    """Let one at a time write who is on the list, until the transaction ends.

    What was counted or looked up then still holds when it is used.
    """
    settings = NewsletterSettings.for_site(Site.objects.get(is_default_site=True))
    NewsletterSettings.objects.select_for_update().get(pk=settings.pk)
