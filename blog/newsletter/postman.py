"""Hands mails to the mail server, one after another, and says what became of each.

A refusal is told apart by whom it concerns: one address, one mail, one moment, or the server.
Source: RFC 5321, section 4.2.1 (4yz for now, 5yz for good), and RFC 3463 (what 5.1.1 means).
"""

from __future__ import annotations

import logging
import re
import smtplib
from collections.abc import Callable
from enum import Enum, auto
from types import TracebackType
from typing import Any, NamedTuple, Self

from anymail.exceptions import (
    AnymailAPIError,
    AnymailError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
)
from django.core.mail import EmailMessage, get_connection

from base.addresses import without_address

logger = logging.getLogger(__name__)

LONGEST_PROBLEM = 200
# "5.1.1" behind the three digits, or anywhere else.
ENHANCED = re.compile(r"\b5\.\d{1,3}\.\d{1,3}\b")
# No such mailbox, no such domain, moved without an address, closed. Others of X.1 are about us.
ADDRESS_FAILS = {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"}
MAILBOX_CODES = {550, 551, 553}  # mailbox unavailable, not local, name not allowed
# Where a server gives no better number, these words say that it is about the sender.
ABOUT_US = re.compile(r"relay|denied|policy|polici|spam|block|reject|quota|limit", re.IGNORECASE)
CLOSES = 421  # the server closes the connection, whatever the mail
NOT_ALLOWED = {401, 403, 429}
# A server may look at a mail for a while after it has it all: who hangs up too soon sends it again.
PATIENCE = 30  # seconds


class Fate(Enum):
    """What became of a mail."""

    SENT = auto()
    REFUSED = auto()  # for good
    LATER = auto()  # this mail, for now
    LOST = auto()  # the connection broke or was closed meanwhile: nobody knows
    AWAY = auto()  # the server takes no mail at all now: this one was not tried


class Answer(NamedTuple):
    """What the server said of a mail, without the address, and whether the address is at fault."""

    fate: Fate
    problem: str = ""
    address_fails: bool = False


class Postman:
    """Keeps one connection open for many mails. A context manager.

    Works with every e-mail backend of Django and of django-anymail.
    """

    def __init__(self) -> None:
        self.connection: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._hang_up()

    def send(self, write: Callable[[], EmailMessage], address: str) -> Answer:
        """Send the mail that `write` returns to its address. What cannot be written is refused."""
        answer = self._connect() or self._send(write)
        return answer._replace(problem=without_address(answer.problem, address)[:LONGEST_PROBLEM])

    def _send(self, write: Callable[[], EmailMessage]) -> Answer:
        try:
            self.connection.send_messages([write()])
        except (OSError, AnymailError) as error:
            answer = answer_to(error)
            # Refused after DATA, smtplib leaves the connection in the middle of the mail.
            if answer.fate == Fate.LOST or isinstance(error, smtplib.SMTPDataError):
                self._hang_up()
            return answer
        except ValueError as error:
            logger.exception("A mail cannot be written")
            return Answer(Fate.REFUSED, f"It cannot be written: {error}")
        except Exception as error:
            # One mail that nobody foresaw must not hold back all the others.
            logger.exception("A mail cannot be sent")
            self._hang_up()
            return Answer(Fate.LOST, words_of(error))
        return Answer(Fate.SENT)

    def _connect(self) -> Answer | None:
        """Open a connection unless there is one; return what the server says if it will not."""
        if self.connection is None:
            connection = get_connection(timeout=PATIENCE)
            try:
                connection.open()
            except (OSError, AnymailError) as error:
                return Answer(Fate.AWAY, words_of(error))
            self.connection = connection
        return None

    def _hang_up(self) -> None:
        connection, self.connection = self.connection, None
        try:
            if connection:
                connection.close()
        except (OSError, AnymailError):
            logger.info("The mail server hung up first")


def answer_to(error: Exception) -> Answer:
    """Return what an exception means that a backend raised while it had a mail.

    Exceptions of smtplib are OSErrors.
    """
    match error:
        case smtplib.SMTPRecipientsRefused():
            code, said = next(iter(error.recipients.values()))
            return _about_recipient(code, _text(said))
        case smtplib.SMTPDataError():
            return Answer(_fate(error.smtp_code), words_of(error))
        case AnymailRecipientsRefused() | AnymailInvalidAddress():
            return Answer(Fate.REFUSED, words_of(error), address_fails=_is_invalid(error))
        case AnymailAPIError():
            return Answer(_fate_of_request(error.status_code), words_of(error))
        case AnymailError():
            return Answer(Fate.REFUSED, words_of(error))
        case _:
            return Answer(Fate.LOST, words_of(error))


def _fate(code: int) -> Fate:
    if code == CLOSES:
        return Fate.LOST
    return Fate.REFUSED if 500 <= code < 600 else Fate.LATER


def _fate_of_request(status: int | None) -> Fate:
    """Return the fate of a mail by the HTTP status of a provider's answer, if it gave one."""
    is_about_the_mail = status and 400 <= status < 500 and status not in NOT_ALLOWED
    return Fate.REFUSED if is_about_the_mail else Fate.LOST


def _is_invalid(error: AnymailError) -> bool:
    """Whether a provider says that there is no such address, and not that it will not send."""
    if isinstance(error, AnymailInvalidAddress):
        return True
    status = getattr(getattr(error, "email_message", None), "anymail_status", None)
    return status is not None and status.status == {"invalid"}


def _about_recipient(code: int, said: str) -> Answer:
    """Return what a refusal of the recipient means: a full mailbox says nothing of the address."""
    fate = _fate(code)
    numbers = set(ENHANCED.findall(said))
    if numbers:
        fails = numbers <= ADDRESS_FAILS
    else:
        fails = code in MAILBOX_CODES and not ABOUT_US.search(said)
    return Answer(fate, f"{code} {said}", fate == Fate.REFUSED and fails)


def words_of(error: Exception) -> str:
    """Return what an error says."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return str(error) or type(error).__name__


def _text(said: bytes | str) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else said
