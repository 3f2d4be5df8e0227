from .images import NEEDS_DESCRIPTION, CustomImage, CustomRendition
from .organisation import NEWSLETTER_PROMISE, MenuItem, OrganisationSettings
from .page import BasePage, BasePageManager
from .people import PeopleIndexPage, PersonPage, public_names, public_people
from .snippets import CallToAction, Testimonial, Tone, Topic
from .users import User

__all__ = [
    "NEEDS_DESCRIPTION",
    "NEWSLETTER_PROMISE",
    "BasePage",
    "BasePageManager",
    "CallToAction",
    "CustomImage",
    "CustomRendition",
    "MenuItem",
    "OrganisationSettings",
    "PeopleIndexPage",
    "PersonPage",
    "Testimonial",
    "Tone",
    "Topic",
    "User",
    "public_names",
    "public_people",
]
