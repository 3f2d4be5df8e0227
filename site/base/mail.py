from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from base.tasks import send_mail
from base.text import as_header


class Attachment(NamedTuple):
    """A text file that goes with a mail. One of the type "text/calendar; method=…" invites."""

    name: str
    content: str
    type: str


def send_later(
    subject: str,
    text: str,
    to: list[str],
    *,
    reply_to: Sequence[str] = (),
    headers: dict[str, str] | None = None,
    attachments: Sequence[Attachment] = (),
    why: str = "",
) -> None:
    """Queue an e-mail in the transaction of the change that caused it: both happen, or neither.

    The worker sends it, as plain text and as HTML that is made from the same words
    (`base.letters`). `why`, at its foot, says why it comes and how to stop it. A subject of several
    lines becomes one line (RFC 5322, section 2.2). An empty address is left out, and a mail to
    nobody is not queued.
    """
    to, reply_to = list(filter(None, to)), list(filter(None, reply_to))
    if not to:
        return
    send_mail.enqueue(
        as_header(subject),
        text,
        to,
        reply_to,
        headers or {},
        [list(attachment) for attachment in attachments],
        why,
    )
