"""The only writers of subscribers, of the evidence of their consent, and of suppressed addresses.

Each function is one transaction that does nothing the second time.
"""

from .bounce import address_fails, bounced, complained, unsubscribed
from .bring_in import Outcome, Row, import_rows
from .join import LINK_LIFE, RefusedError, Request, ask, can_confirm, confirm
from .leave import change, leave
from .privacy import (
    erase,
    export,
    forget_deliveries,
    forget_networks,
    forget_those_who_left,
    forget_unconfirmed,
)

__all__ = [
    "LINK_LIFE",
    "Outcome",
    "RefusedError",
    "Request",
    "Row",
    "address_fails",
    "ask",
    "bounced",
    "can_confirm",
    "change",
    "complained",
    "confirm",
    "erase",
    "export",
    "forget_deliveries",
    "forget_networks",
    "forget_those_who_left",
    "forget_unconfirmed",
    "import_rows",
    "leave",
    "unsubscribed",
]
