"""The only writers of bookings, of the people in them and of waiting lists.

Each function is one transaction that holds the lock of every date it touches, does nothing the
second time, and queues its mails with the change.
"""

from .book import ACCEPT_TERMS, Order, Person, book
from .certify import send_certificates, without_certificate
from .change import cancel, keep_notes, move, rename, renew_link, resend
from .common import NO_CONSENT, RefusedError, settings_of
from .contact import correct
from .dates import (
    Concerned,
    cancel_date,
    concerned_by,
    is_moved,
    mark_attendance,
    refuse_another_course,
    save_date,
)
from .price import PriceRisesError
from .privacy import (
    erase_bookings,
    erase_waiting,
    export_bookings,
    export_waiting,
    forget_needs,
    forget_networks,
    forget_people,
    still_needed,
)
from .remind import remind
from .waiting import Waiter, join, leave, move_lines_on, offer_free_places

__all__ = [
    "ACCEPT_TERMS",
    "NO_CONSENT",
    "Concerned",
    "Order",
    "Person",
    "PriceRisesError",
    "RefusedError",
    "Waiter",
    "book",
    "cancel",
    "cancel_date",
    "concerned_by",
    "correct",
    "erase_bookings",
    "erase_waiting",
    "export_bookings",
    "export_waiting",
    "forget_needs",
    "forget_networks",
    "forget_people",
    "is_moved",
    "join",
    "keep_notes",
    "leave",
    "mark_attendance",
    "move",
    "move_lines_on",
    "offer_free_places",
    "refuse_another_course",
    "remind",
    "rename",
    "renew_link",
    "resend",
    "save_date",
    "send_certificates",
    "settings_of",
    "still_needed",
    "without_certificate",
]
