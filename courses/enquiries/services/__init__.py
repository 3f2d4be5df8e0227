"""The only writers of enquiries."""

from .manage import add_note, remind, set_owner, set_status
from .plan import in_words, plan_for, roles
from .privacy import delete_closed, erase, export, forget_networks
from .send import RefusedError, Words, send

__all__ = [
    "RefusedError",
    "Words",
    "add_note",
    "delete_closed",
    "erase",
    "export",
    "forget_networks",
    "in_words",
    "plan_for",
    "remind",
    "roles",
    "send",
    "set_owner",
    "set_status",
]
