"""The only writers of comments."""

from .moderate import answer, decide, mask_comment, undo
from .privacy import erase, export, forget_networks
from .submit import Outcome, RefusedError, Result, Words, report, stop_mails, submit

__all__ = [
    "Outcome",
    "RefusedError",
    "Result",
    "Words",
    "answer",
    "decide",
    "erase",
    "export",
    "forget_networks",
    "mask_comment",
    "report",
    "stop_mails",
    "submit",
    "undo",
]
