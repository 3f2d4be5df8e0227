from .contact import ContactFormField, ContactPage, ContactSubmission
from .pages import POSTS_SHOWN, RUNS_SHOWN, HomePage, StandardPage

__all__ = [
    "POSTS_SHOWN",
    "RUNS_SHOWN",
    "ContactFormField",
    "ContactPage",
    "ContactSubmission",
    "HomePage",
    "StandardPage",
]
