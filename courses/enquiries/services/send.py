from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from base.limits import Limit, is_too_much
from base.models import Topic
from base.references import new_reference
from courses.models import CoursePage

from .. import emails
from ..models import Enquiry, EnquirySettings

# So many enquiries from one network or address in so long a time. A whole council may sit in one
# network; nobody asks ten times a day.
LIMITS = [
    Limit(dt.timedelta(hours=1), network=10, email=4),
    Limit(dt.timedelta(days=1), network=30, email=10),
]
# The same words again within this time are a refresh, not a second wish.
SAME_WORDS = dt.timedelta(days=1)

TOO_MANY = (
    "A lot of enquiries have come from you or people near you. "
    "Your words are still here: please send them again in an hour, or telephone us."
)
SENT_BEFORE = (
    "You sent this form before, with other words: that is {reference}. "
    "Send it again if you want us to have both."
)


class RefusedError(Exception):
    """A person has to change something first: what, and in which field (None: in no single one).

    `renews_form` is true where the same copy of the form cannot be sent again.
    """

    def __init__(self, errors: dict[str | None, str], *, renews_form: bool = False) -> None:
        super().__init__(*errors.values())
        self.errors = errors
        self.renews_form = renews_form


@dataclass(frozen=True)
class Words:
    """What a visitor asks for."""

    about: str
    organisation: str
    name: str
    email: str
    people: int
    when: str
    telephone: str = ""
    online: bool = False
    place: str = ""
    budget: str = ""
    message: str = ""
    plan: str = ""
    consent: str = ""
    course: CoursePage | None = None
    topic: Topic | None = None


@transaction.atomic
def send(words: Words, key: uuid.UUID, network: str, settings: EnquirySettings) -> Enquiry:
    """Take an enquiry, once, however often it is sent, and queue both mails.

    Raises RefusedError where somebody has to change something.
    """
    answers = _answers(words)
    before = Enquiry.objects.filter(key=key).first()
    if before is None:
        recent = Enquiry.objects.by(words.email).since(timezone.now() - SAME_WORDS)
        before = next((one for one in recent if _says(one, answers)), None)
    if before:
        if not _says(before, answers):
            message = SENT_BEFORE.format(reference=before.reference)
            raise RefusedError({None: message}, renews_form=True)
        return before
    if is_too_much(LIMITS, Enquiry.objects, email=words.email, network=network):
        raise RefusedError({None: TOO_MANY})
    enquiry = Enquiry(
        key=key, reference=new_reference("E", Enquiry.objects), network=network, **answers
    )
    try:
        with transaction.atomic():
            enquiry.save(force_insert=True)
    except IntegrityError:
        # The other half of a double click was faster.
        return Enquiry.objects.get(key=key)
    emails.acknowledge(enquiry, settings)
    emails.tell_office(enquiry, settings)
    return enquiry


def _answers(words: Words) -> dict[str, object]:
    """Return the answers by field; pages are not copied as `asdict` would copy them."""
    return {name: getattr(words, name) for name in words.__dataclass_fields__}


def _says(enquiry: Enquiry, answers: dict[str, object]) -> bool:
    """Whether an enquiry holds the same answers.

    Of a plan only its address counts, the last line: it says who is in the team, while dates fill.
    """
    same_team = enquiry.plan.rpartition("\n")[2] == str(answers["plan"]).rpartition("\n")[2]
    return same_team and all(
        getattr(enquiry, name) == answers[name] for name in answers if name != "plan"
    )
