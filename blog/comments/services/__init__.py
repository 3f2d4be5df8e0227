"""The only writers of comments."""

from .bring_in import OldComment, bring_in
from .moderate import answer, decide, mask_comment, undo
from .privacy import erase, export, forget_networks, forget_spam
from .submit import RefusedError, Words, report, stop_mails, submit

__all__ = [
    "OldComment",
    "RefusedError",
    "Words",
    "answer",
    "bring_in",
    "decide",
    "erase",
    "export",
    "forget_networks",
    "forget_spam",
    "mask_comment",
    "report",
    "stop_mails",
    "submit",
    "undo",
]
