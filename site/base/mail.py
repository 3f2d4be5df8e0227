from collections.abc import Sequence

from base.tasks import send_mail


def send_later(
    subject: str,
    text: str,
    to: list[str],
    *,
    reply_to: Sequence[str] = (),
    headers: dict[str, str] | None = None,
) -> None:
    """Queue an e-mail in the transaction of the change that caused it: both happen, or neither.

    The worker sends it. A subject of several lines becomes one line (RFC 5322, section 2.2).
    """
    send_mail.enqueue(" ".join(subject.split()), text, to, list(reply_to), headers or {})
