"""The only writers of bookings, of the people in them and of waiting lists.

Each function is one transaction that holds the lock of every date it touches, does nothing the
second time, and queues its mails with the change.
"""

from .book import Order, Person, book, quote
from .change import cancel, move, rename, renew_link
from .common import RefusedError, can_change, change_deadline, settings_of
from .privacy import forget_needs
from .remind import remind
from .waiting import Waiter, join, leave, move_lines_on, offer_free_places

__all__ = [
    "Order",
    "Person",
    "RefusedError",
    "Waiter",
    "book",
    "can_change",
    "cancel",
    "change_deadline",
    "forget_needs",
    "join",
    "leave",
    "move",
    "move_lines_on",
    "offer_free_places",
    "quote",
    "remind",
    "rename",
    "renew_link",
    "settings_of",
]
