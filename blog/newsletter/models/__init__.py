from .index import NewsletterIndexPage
from .issue import NewsletterIssuePage
from .sending import Delivery, Sending, SentEdition, SentLink
from .settings import NewsletterSettings
from .subscribers import WISHES, Consent, Subscriber, Suppression, wishes_from

__all__ = [
    "WISHES",
    "Consent",
    "Delivery",
    "NewsletterIndexPage",
    "NewsletterIssuePage",
    "NewsletterSettings",
    "Sending",
    "SentEdition",
    "SentLink",
    "Subscriber",
    "Suppression",
    "wishes_from",
]
