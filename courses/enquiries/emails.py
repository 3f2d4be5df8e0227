from __future__ import annotations

import re
from urllib.parse import urljoin

from django.conf import settings as site_settings
from django.template.loader import render_to_string
from django.urls import reverse

from base.mail import send_later

from .models import Enquiry, EnquirySettings

GAP = re.compile(r"\n\s*\n")


def _write(template: str, **context: object) -> str:
    text = render_to_string(template, context)
    return GAP.sub("\n\n", text).strip() + "\n"


def _admin_address(enquiry: Enquiry) -> str:
    path = reverse("enquiries_modeladmin_inspect", args=[enquiry.pk])
    return urljoin(site_settings.WAGTAILADMIN_BASE_URL, path)


def acknowledge(enquiry: Enquiry, settings: EnquirySettings) -> None:
    """Tell whoever asked that we have it, by which reference, and when we answer.

    The message itself is not sent back: the form is no way to send words to strangers.
    """
    send_later(
        f"Your enquiry {enquiry.reference}",
        _write("courses_enquiries/mail/acknowledgement.txt", enquiry=enquiry, settings=settings),
        [enquiry.email],
        reply_to=settings.office_list[:1],
    )


def tell_office(enquiry: Enquiry, settings: EnquirySettings) -> None:
    """Tell the office what somebody asks for. Answering the mail answers the person."""
    if settings.office_list:
        send_later(
            f"{enquiry.reference}: {enquiry.about}, {enquiry.organisation}",
            _write(
                "courses_enquiries/mail/office.txt",
                enquiry=enquiry,
                address=_admin_address(enquiry),
            ),
            settings.office_list,
            reply_to=[enquiry.email],
        )


def remind(enquiry: Enquiry, settings: EnquirySettings) -> None:
    """Tell whoever deals with an enquiry, else the office, that it waits."""
    own = enquiry.owner and enquiry.owner.is_active and enquiry.owner.email
    if to := [own] if own else settings.office_list:
        send_later(
            f"{enquiry.reference} waits for an answer: {enquiry.organisation}",
            _write(
                "courses_enquiries/mail/reminder.txt",
                enquiry=enquiry,
                settings=settings,
                address=_admin_address(enquiry),
            ),
            to,
            reply_to=[enquiry.email],
        )
