"""Sends an issue, a slice at a time, whatever happens to workers and to the mail server.

Every delivery is a row that a worker claims for a while; what became of the mail is written down
before the next one is sent. A worker that is killed in between leaves at most one mail of which
nobody knows: it is sent again, under the same Message-ID.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from ..editions import EDITIONS, Edition, Letter, render_letter, served_by
from ..emails import mail_to
from ..models import Delivery, NewsletterIssuePage, Sending, SentEdition, Subscriber
from ..postman import Answer, Fate, Postman
from .bounce import address_fails
from .clicks import counts_clicks, lead_over_us
from .note import LEASE, Claim, give_back, note, try_later
from .send import readers

logger = logging.getLogger(__name__)

# A slice is short, so that other mails wait no longer.
SLICE = 5  # seconds
AT_ONCE = 50  # deliveries claimed together
QUEUED_AT_ONCE = 2_000
# A server that takes no mail rests for 5 seconds, then twice as long, up to 5 minutes.
SHORTEST_REST, LONGEST_REST = dt.timedelta(seconds=5), dt.timedelta(minutes=5)
# So often in a row it is the server: broken connections, mails refused for now.
LOSSES, DELAYS = 3, 10
REFUSALS = 20  # in a row that no address is to blame for: something is wrong with the mail
AFTER_A_FAULT = dt.timedelta(minutes=1)
NOT_PUBLISHED = "The issue is not published. Publish it, then go on."
EMPTY = "There is nothing in it for anybody: its pages are not public by now."

State, Fates = Sending.State, Delivery.State


def under_way(now: dt.datetime) -> list[int]:
    """Return the keys of what is being sent, or is to be by now."""
    sending = Sending.objects.filter(state=State.SENDING)
    due = Sending.objects.filter(state=State.SCHEDULED, send_at__lte=now)
    return list((sending | due).values_list("pk", flat=True))


def deliver_some(pk: int) -> dt.timedelta | None:
    """Send some mails of an issue. Return after what time to go on; None when it is over.

    Where somebody else is at it there is nothing to do. A fault is told to staff, and tried again.
    """
    now = timezone.now()
    free = Sending.objects.filter(Q(held_until=None) | Q(held_until__lte=now), pk=pk)
    if not free.update(held_until=now + LEASE):
        return None
    try:
        return _deliver_some(Sending.objects.get(pk=pk), now)
    except Exception as error:
        logger.exception("An issue cannot be sent")
        problem = f"{type(error).__name__}: {error}"
        Sending.objects.filter(pk=pk).update(problem=f"Something went wrong here. {problem}")
        return AFTER_A_FAULT
    finally:
        Sending.objects.filter(pk=pk).update(held_until=None)


def _deliver_some(sending: Sending, now: dt.datetime) -> dt.timedelta | None:
    started = time.monotonic()
    if sending.state == State.SCHEDULED and sending.send_at <= now:
        _begin(sending)
    if sending.state != State.SENDING:
        return None
    if sending.rests_until and sending.rests_until > now:
        return sending.rests_until - now
    while not sending.is_queued and time.monotonic() - started < SLICE:
        if not _queue_some(sending):
            return None
    Round(sending, started).run()
    return _time_to_go_on(sending, started)


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
            if counts_clicks():
                letters = lead_over_us(sending, letters)
            SentEdition.objects.bulk_create(
                SentEdition(sending=sending, key=key, html=letter.html, text=letter.text)
                for key, letter in letters.items()
            )
            sending.subject, sending.problem = issue.mail_subject, ""
            sending.state, sending.begun_at = State.SENDING, timezone.now()
        else:
            sending.state = State.PAUSED
            sending.problem = EMPTY if issue.live else NOT_PUBLISHED
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
    # Nobody is erased until their delivery is there.
    locked = further.select_for_update(no_key=True)
    pks = list(locked.values_list("pk", flat=True)[:QUEUED_AT_ONCE])
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
    now = timezone.now()
    if sending.state != State.SENDING:
        return None
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
    queued = left.filter(state=Fates.QUEUED).order_by("due_at")
    soonest = queued.values_list("due_at", flat=True).first()
    return max(soonest - now, dt.timedelta(seconds=1)) if soonest else SHORTEST_REST


def _allowance(rate: float) -> int:
    """Return how many mails a slice may send."""
    return max(1, int(rate * SLICE))


@dataclass
class Round:
    """One slice of a sending: claims deliveries and sends them over one connection."""

    sending: Sending
    started: float
    editions: dict[str, Letter] = field(default_factory=dict)
    # Whose address fails, if the server takes others' mails: else it is not about them.
    failing: list[tuple[Subscriber, str]] = field(default_factory=list)
    losses: int = 0
    delays: int = 0
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
            while left != 0 and self.goes_on:
                claim = self._claim(AT_ONCE if left is None else min(AT_ONCE, left))
                if not claim.pks:
                    break
                left = None if left is None else left - len(claim.pks)
                self._deliver(claim, postman)

    @property
    def goes_on(self) -> bool:
        """Whether there is time for another mail, and nothing against it."""
        return not self.is_over and time.monotonic() - self.started < SLICE

    def _claim(self, size: int) -> Claim:
        """Claim deliveries that are due, also those of workers that are gone."""
        now = timezone.now()
        claim = Claim([], now + LEASE)
        deliveries = self.sending.deliveries.select_for_update(skip_locked=True)
        with transaction.atomic():
            for found in (deliveries.due(now), deliveries.stuck(now)):
                claim.pks = claim.pks or list(found.values_list("pk", flat=True)[:size])
            claimed = Delivery.objects.filter(pk__in=claim.pks)
            claimed.update(state=Fates.SENDING, leased_until=claim.until)
        return claim

    def _deliver(self, claim: Claim, postman: Postman) -> None:
        try:
            while claim.pks and self.goes_on and claim.is_good:
                # Whatever happens to it from here on, it is not given back untold.
                self._deliver_one(claim.pks.pop(0), claim, postman)
        finally:
            give_back(claim, claim.pks)

    def _deliver_one(self, pk: int, claim: Claim, postman: Postman) -> None:
        """Send one mail, unless its reader has left, and write down what became of it."""
        # Read for each mail: all of it may change while others are sent.
        related = Delivery.objects.select_related("subscriber", "sending")
        delivery = related.filter(pk=pk, **claim.mine).first()
        if delivery is None or delivery.sending.state != State.SENDING:
            self.is_over = True
            give_back(claim, [pk])
            return
        reader = delivery.subscriber
        letter = self.editions.get(Edition.of(reader).key) if reader else None
        if not (reader and letter and reader.is_active):
            note(delivery, claim, Fates.SKIPPED)
            return
        answer = postman.send(lambda: mail_to(reader, letter, delivery), reader.email)
        self._take(answer, delivery, claim)

    def _take(self, answer: Answer, delivery: Delivery, claim: Claim) -> None:
        """Write down what the server said, and draw conclusions."""
        self.losses = self.losses + 1 if answer.fate == Fate.LOST else 0
        self.delays = self.delays + 1 if answer.fate == Fate.LATER else 0
        match answer.fate:
            case Fate.SENT:
                note(delivery, claim, Fates.SENT)
                self._all_is_well(delivery.sending)
            case Fate.REFUSED:
                note(delivery, claim, Fates.REFUSED, answer.problem)
                self._refused(answer, delivery)
            case Fate.LATER | Fate.LOST:
                try_later(delivery, claim, answer.problem)
            case Fate.AWAY:
                give_back(claim, [delivery.pk])
        if answer.fate == Fate.AWAY or self.losses >= LOSSES or self.delays >= DELAYS:
            self._rest(answer.problem)

    def _all_is_well(self, sending: Sending) -> None:
        """Believe what the server said of addresses, and forget what it said of itself."""
        for subscriber, problem in self.failing:
            address_fails(subscriber, problem)
        self.failing.clear()
        if sending.rests or sending.refusals or sending.problem:
            Sending.objects.filter(pk=sending.pk).update(
                rests=0, rests_until=None, refusals=0, problem=""
            )

    def _refused(self, answer: Answer, delivery: Delivery) -> None:
        if answer.address_fails and delivery.subscriber:
            self.failing.append((delivery.subscriber, answer.problem))
            return
        Sending.objects.filter(pk=self.sending.pk).update(refusals=F("refusals") + 1)
        if delivery.sending.refusals + 1 >= REFUSALS:
            self._stop(answer.problem)

    def _rest(self, problem: str) -> None:
        """Leave the server alone for a while: none of the mails is to blame."""
        rests = Sending.objects.values_list("rests", flat=True).get(pk=self.sending.pk)
        rest = min(SHORTEST_REST * 2 ** min(rests, 10), LONGEST_REST)
        Sending.objects.filter(pk=self.sending.pk).update(
            rests=F("rests") + 1, rests_until=timezone.now() + rest, problem=problem
        )
        logger.warning("The mail server takes no mail: %s", problem)
        self.is_over = True

    @transaction.atomic
    def _stop(self, problem: str) -> None:
        """Pause: mail after mail is refused, and the next would be. They get another chance."""
        running = Sending.objects.filter(pk=self.sending.pk, state=State.SENDING)
        running.update(state=State.PAUSED, problem=problem, refusals=0)
        refused = self.sending.deliveries.filter(state=Fates.REFUSED).order_by("-finished_at")
        last = list(refused.values_list("pk", flat=True)[:REFUSALS])
        again = Delivery.objects.filter(pk__in=last)
        again.update(state=Fates.QUEUED, finished_at=None, due_at=timezone.now())
        self.is_over = True
