"""Sends an issue, a slice at a time, whatever happens to workers and to the mail server.

Every delivery is a row that one worker claims for a while; what became of the mail is written down
before the next one is sent. A worker that is killed in between leaves at most one mail of which
nobody knows: it is sent again, under the same Message-ID.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.utils import DNS_NAME
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from base.keys import sign_link
from base.letters import message

from ..editions import EDITIONS, Edition, Letter, render_letter, served_by
from ..emails import subscriber_path
from ..models import Delivery, NewsletterIssuePage, Sending, SentEdition, Subscriber
from ..postman import Answer, Fate, Postman
from ..tokens import SUBSCRIBER_SALT
from .bounce import address_fails
from .send import readers

logger = logging.getLogger(__name__)

# A slice is short, so that other mails wait no longer.
SLICE = 5  # seconds
AT_ONCE = 50  # deliveries claimed together
QUEUED_AT_ONCE = 2_000
# A claim ends by itself: its worker is gone. Long before, a living worker lets go.
LEASE = dt.timedelta(minutes=2)
LONGEST_BATCH = 45  # seconds
# A mail that is refused for now is tried again after 1, 2, 4 and 8 minutes, then each hour.
SOON, LATER = dt.timedelta(minutes=8), dt.timedelta(hours=1)
SOON_ATTEMPTS, ATTEMPTS = 10, 30
# A server that takes no mail rests for 15 seconds, then twice as long, up to 5 minutes.
SHORTEST_REST, LONGEST_REST = dt.timedelta(seconds=15), dt.timedelta(minutes=5)
LOSSES = 3  # broken connections in a row are the server's fault
REFUSALS = 20  # refusals in a row that no address is to blame for: something is wrong with the mail
GIVEN_UP = "Given up after a day."
NOT_PUBLISHED = "The issue is not published. Publish it, then go on."

State, Fates = Sending.State, Delivery.State


def under_way(now: dt.datetime) -> list[int]:
    """Return the keys of what is being sent, or is to be by now."""
    sending = Sending.objects.filter(state=State.SENDING)
    due = Sending.objects.filter(state=State.SCHEDULED, send_at__lte=now)
    return list((sending | due).values_list("pk", flat=True))


def deliver_some(pk: int) -> dt.timedelta | None:
    """Send some mails of an issue. Return after what time to go on; None when it is over."""
    started = time.monotonic()
    now = timezone.now()
    sending = Sending.objects.filter(pk=pk).first()
    if sending is None or not _is_due(sending, now):
        return None
    if sending.rests_until and sending.rests_until > now:
        return sending.rests_until - now
    while not sending.is_queued and time.monotonic() - started < SLICE:
        if not _queue_some(sending):
            return None
    Round(sending, started).run()
    return _time_to_go_on(sending, started)


def _is_due(sending: Sending, now: dt.datetime) -> bool:
    if sending.state == State.SCHEDULED and sending.send_at <= now:
        _begin(sending)
    return sending.state == State.SENDING


def _begin(sending: Sending) -> None:
    """Keep what readers get as it is now. An issue that is not published waits for staff."""
    issue = NewsletterIssuePage.objects.get(pk=sending.issue_id)
    # Pictures may have to be made: no transaction waits for that.
    editions = sorted(served_by(issue)) if issue.live else []
    letters = {edition.key: render_letter(issue, edition) for edition in editions}
    with transaction.atomic():
        sending.refresh_from_db(from_queryset=Sending.objects.select_for_update())
        if sending.state != State.SCHEDULED:
            return
        if letters:
            SentEdition.objects.bulk_create(
                SentEdition(sending=sending, key=key, html=letter.html, text=letter.text)
                for key, letter in letters.items()
            )
            sending.subject = issue.mail_subject
            sending.state, sending.begun_at = State.SENDING, timezone.now()
        else:
            sending.state, sending.problem = State.PAUSED, NOT_PUBLISHED
        sending.save()


@transaction.atomic
def _queue_some(sending: Sending) -> bool:
    """Queue deliveries to the next readers; False where the sending was stopped meanwhile."""
    sending.refresh_from_db(from_queryset=Sending.objects.select_for_update())
    if sending.state != State.SENDING:
        return False
    keys = sending.editions.values_list("key", flat=True)
    all_readers = readers(sending.audience, {EDITIONS[key] for key in keys})
    further = all_readers.filter(pk__gt=sending.queued_to).order_by("pk")
    pks = list(further.values_list("pk", flat=True)[:QUEUED_AT_ONCE])
    Delivery.objects.bulk_create(
        (Delivery(sending=sending, subscriber_id=pk) for pk in pks), ignore_conflicts=True
    )
    sending.queued_to = pks[-1] if pks else sending.queued_to
    sending.is_queued = len(pks) < QUEUED_AT_ONCE
    sending.save(update_fields=["queued_to", "is_queued"])
    return True


def _time_to_go_on(sending: Sending, started: float) -> dt.timedelta | None:
    """Return when to send more; where nothing is left, note that it is over."""
    sending.refresh_from_db()
    if sending.state != State.SENDING:
        return None
    now = timezone.now()
    if sending.rests_until and sending.rests_until > now:
        return sending.rests_until - now
    left = sending.deliveries.unfinished()
    if sending.is_queued and not left.exists():
        running = Sending.objects.filter(pk=sending.pk, state=State.SENDING)
        running.update(state=State.SENT, finished_at=now, problem="")
        return None
    if not sending.is_queued or left.due(now).exists():
        rate = settings.NEWSLETTER_MAILS_A_SECOND
        pause = _allowance(rate) / rate - (time.monotonic() - started) if rate else 0
        return dt.timedelta(seconds=max(pause, 0))
    soonest = left.order_by("due_at").values_list("due_at", flat=True).first()
    return max((soonest or now) - now, dt.timedelta(seconds=1))


def _allowance(rate: float) -> int:
    """Return how many mails a slice may send."""
    return max(1, int(rate * SLICE))


@dataclass
class Round:
    """One slice of a sending: claims deliveries and sends them over one connection."""

    sending: Sending
    started: float
    editions: dict[str, Letter] = field(default_factory=dict)
    losses: int = 0
    refusals: int = 0
    is_over: bool = False

    def run(self) -> None:
        """Send until the time is over, nothing is left, or somebody says stop."""
        self.editions = {
            edition.key: Letter(self.sending.subject, edition.html, edition.text)
            for edition in self.sending.editions.all()
        }
        rate = settings.NEWSLETTER_MAILS_A_SECOND
        left = _allowance(rate) if rate else None
        with Postman() as postman:
            while not self.is_over and left != 0 and time.monotonic() - self.started < SLICE:
                size = AT_ONCE if left is None else min(AT_ONCE, left)
                batch = self._claim(size)
                if not batch:
                    return
                left = None if left is None else left - len(batch)
                self._deliver(batch, postman)

    def _claim(self, size: int) -> list[int]:
        """Claim deliveries that are due, also those of workers that are gone; return their keys."""
        now = timezone.now()
        deliveries = self.sending.deliveries.select_for_update(skip_locked=True)
        with transaction.atomic():
            batch = list(deliveries.due(now).values_list("pk", flat=True)[:size])
            if not batch:
                batch = list(deliveries.stuck(now).values_list("pk", flat=True)[:size])
                # A mail that ends its worker must not do so for ever.
                Delivery.objects.filter(pk__in=batch).update(attempts=F("attempts") + 1)
            claimed = Delivery.objects.filter(pk__in=batch)
            claimed.update(state=Fates.SENDING, leased_until=now + LEASE)
        return batch

    def _deliver(self, batch: list[int], postman: Postman) -> None:
        begun = time.monotonic()
        try:
            while batch and not self.is_over and time.monotonic() - begun < LONGEST_BATCH:
                self._deliver_one(batch[0], postman)
                batch.pop(0)
        finally:
            self._let_go(batch)

    def _deliver_one(self, pk: int, postman: Postman) -> None:
        """Send one mail, unless its reader has left, and write down what became of it."""
        # Read for each mail: both may change while others are sent.
        delivery = Delivery.objects.select_related("subscriber", "sending").get(pk=pk)
        if delivery.sending.state != State.SENDING:
            self.is_over = True
            self._let_go([pk])
            return
        reader = delivery.subscriber
        letter = self.editions.get(Edition.of(reader).key) if reader else None
        if not (reader and letter and reader.is_active):
            _note(delivery, Fates.SKIPPED)
            return
        if delivery.attempts >= ATTEMPTS:
            _note(delivery, Fates.REFUSED, GIVEN_UP)
            return
        answer = postman.send(lambda: mail_to(reader, letter, delivery), reader.email)
        self._note_answer(delivery, answer)

    def _note_answer(self, delivery: Delivery, answer: Answer) -> None:
        self.losses = self.losses + 1 if answer.fate == Fate.LOST else 0
        match answer.fate:
            case Fate.SENT:
                _note(delivery, Fates.SENT)
                self.refusals = 0
                if delivery.sending.rests:
                    self._rested()
            case Fate.REFUSED:
                _refuse(delivery, answer)
                self.refusals = 0 if answer.address_fails else self.refusals + 1
                if self.refusals >= REFUSALS:
                    self._stop(answer.problem)
            case Fate.LATER:
                _try_later(delivery, answer.problem)
            case Fate.LOST:
                _try_later(delivery, answer.problem)
                if self.losses >= LOSSES:
                    self._rest(answer.problem)
            case Fate.AWAY:
                self._let_go([delivery.pk])
                self._rest(answer.problem)

    def _rest(self, problem: str) -> None:
        """Leave the server alone for a while: none of the mails is to blame."""
        rests = Sending.objects.values_list("rests", flat=True).get(pk=self.sending.pk)
        rest = min(SHORTEST_REST * 2 ** min(rests, 10), LONGEST_REST)
        Sending.objects.filter(pk=self.sending.pk).update(
            rests=F("rests") + 1, rests_until=timezone.now() + rest, problem=problem
        )
        logger.warning("The mail server takes no mail: %s", problem)
        self.is_over = True

    def _rested(self) -> None:
        Sending.objects.filter(pk=self.sending.pk).update(rests=0, rests_until=None, problem="")

    def _stop(self, problem: str) -> None:
        """Pause: mail after mail is refused, and the next would be."""
        running = Sending.objects.filter(pk=self.sending.pk, state=State.SENDING)
        running.update(state=State.PAUSED, problem=problem)
        self.is_over = True

    def _let_go(self, batch: list[int]) -> None:
        """Give back what was claimed and not sent."""
        if batch:
            claimed = Delivery.objects.filter(pk__in=batch, state=Fates.SENDING)
            is_cancelled = Sending.objects.filter(pk=self.sending.pk, state=State.CANCELLED)
            state = Fates.CANCELLED if is_cancelled.exists() else Fates.QUEUED
            claimed.update(state=state, leased_until=None)


def mail_to(reader: Subscriber, letter: Letter, delivery: Delivery) -> EmailMessage:
    """Return one reader's mail, with a link by which mail programs unsubscribe (RFC 8058)."""
    own = letter.to(sign_link(reader.link_key, SUBSCRIBER_SALT))
    leave = urljoin(settings.WAGTAILADMIN_BASE_URL, subscriber_path(reader, "leave"))
    host = urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname
    mail = message(
        own.subject,
        own.text,
        own.html,
        [reader.email],
        headers={
            "Message-ID": f"<{delivery.sending.key.hex}-{delivery.pk}@{DNS_NAME}>",
            "List-Id": f"<newsletter.{host}>",
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    # Comes back with what a provider tells of the mail (django-anymail).
    mail.metadata = {"delivery": str(delivery.pk)}  # type: ignore[attr-defined]
    return mail


def _note(delivery: Delivery, state: Delivery.State, problem: str = "") -> None:
    """Write down what became of a delivery, at once."""
    claimed = Delivery.objects.filter(pk=delivery.pk, state=Fates.SENDING)
    claimed.update(state=state, problem=problem, finished_at=timezone.now(), leased_until=None)


@transaction.atomic
def _refuse(delivery: Delivery, answer: Answer) -> None:
    # The subscriber first, as everywhere: who locks them the other way round waits for ever.
    if answer.address_fails and delivery.subscriber:
        address_fails(delivery.subscriber, answer.problem)
    _note(delivery, Fates.REFUSED, answer.problem)


def _try_later(delivery: Delivery, problem: str) -> None:
    attempts = delivery.attempts + 1
    if attempts >= ATTEMPTS:
        _note(delivery, Fates.REFUSED, f"{GIVEN_UP} {problem}"[:200])
        return
    claimed = Delivery.objects.filter(pk=delivery.pk, state=Fates.SENDING)
    claimed.update(
        state=Fates.QUEUED,
        attempts=attempts,
        problem=problem,
        due_at=timezone.now() + wait_before(attempts),
        leased_until=None,
    )


def wait_before(attempt: int) -> dt.timedelta:
    """Return how long a mail that was refused for now waits before it is tried again."""
    if attempt > SOON_ATTEMPTS:
        return LATER
    return min(dt.timedelta(minutes=2 ** (attempt - 1)), SOON)
