from .index import NewsletterIndexPage
from .settings import NewsletterSettings
from .subscribers import WISHES, Consent, Subscriber, Suppression, wishes_from

__all__ = [
    "WISHES",
    "Consent",
    "NewsletterIndexPage",
    "NewsletterSettings",
    "Subscriber",
    "Suppression",
    "wishes_from",
]
