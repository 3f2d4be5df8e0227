"""How a newsletter fared, in numbers of people and never one by one."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from .models import Delivery, NewsletterIssuePage, Sending

States = Delivery.State


@dataclass(frozen=True)
class Report:
    """What became of an issue's mails. Whoever left after getting it counts as sent, too."""

    queued: int
    sent: int
    refused: int
    bounced: int
    skipped: int
    cancelled: int
    left: int
    complained: int

    @property
    def all(self) -> int:
        """How many people it is for."""
        return self.queued + self.done

    @property
    def done(self) -> int:
        """For how many of them it is settled."""
        return self.sent + self.refused + self.bounced + self.skipped + self.cancelled

    @property
    def percent(self) -> int:
        """How much of it is done; 100 only when all is."""
        return self.done * 100 // self.all if self.all else 0

    @property
    def lines(self) -> list[tuple[str, int, str]]:
        """The numbers with their names, and what they mean."""
        lines = [
            ("Sent", self.sent, "The mail server took them."),
            ("Still to be sent", self.queued, ""),
            ("Refused", self.refused, "The mail server did not take them, and will not."),
            ("Bounced", self.bounced, "Taken at first, and sent back: the address fails."),
            ("Left out", self.skipped, "They left, or want something else, since it began."),
            ("Cancelled", self.cancelled, ""),
            ("Left after it", self.left, "They left by a link in this issue or soon after it."),
            ("Complaints", self.complained, "They called it junk. They get no more."),
        ]
        always = {"Sent", "Refused", "Bounced", "Left after it", "Complaints"}
        return [line for line in lines if line[1] or line[0] in always]


def report_on(sending: Sending) -> Report:
    """Count what became of an issue's mails, in one query."""

    def having(*states: States) -> Count:
        return Count("pk", filter=Q(state__in=states))

    return Report(
        **sending.deliveries.aggregate(
            queued=having(States.QUEUED, States.SENDING),
            sent=having(States.SENT),
            refused=having(States.REFUSED),
            bounced=having(States.BOUNCED),
            skipped=having(States.SKIPPED),
            cancelled=having(States.CANCELLED),
            left=Count("left_at"),
            complained=Count("complained_at"),
        )
    )


def sent_text(issue: NewsletterIssuePage) -> str:
    """Return whether and when an issue was sent, for a list of issues."""
    sending: Sending | None = getattr(issue, "sending", None)
    if sending is None or (sending.state == Sending.State.CANCELLED and not sending.begun_at):
        return ""
    day = sending.finished_at or sending.send_at
    return f"{sending.get_state_display()}, {timezone.localtime(day):%-d %B %Y, %H:%M}"
