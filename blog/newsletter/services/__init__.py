"""The only writers of subscribers, their consents, suppressed addresses, and what is sent to them.

Each function is one transaction that does nothing the second time.
"""

from .bounce import address_fails, bounced, complained, unsubscribed
from .bring_in import Outcome, Row, import_rows
from .clicks import press
from .deliver import deliver_some, under_way
from .join import LINK_LIFE, RefusedError, Request, ask, can_confirm, confirm
from .leave import change, leave
from .note import end_cancelled
from .privacy import (
    erase,
    export,
    forget_deliveries,
    forget_networks,
    forget_those_who_left,
    forget_unconfirmed,
)
from .send import cancel, pause, readers_of, resume, schedule

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
    "cancel",
    "change",
    "complained",
    "confirm",
    "deliver_some",
    "end_cancelled",
    "erase",
    "export",
    "forget_deliveries",
    "forget_networks",
    "forget_those_who_left",
    "forget_unconfirmed",
    "import_rows",
    "leave",
    "pause",
    "press",
    "readers_of",
    "resume",
    "schedule",
    "under_way",
    "unsubscribed",
]
