"""A link that was guessed at, by the public door: no hit, and nothing to learn from the answer."""

import random
import uuid
from collections.abc import Callable, Iterable
from functools import reduce
from operator import and_, or_

import pytest
from django.http import HttpResponse
from django.test import Client

from base.keys import sign_link
from courses.bookings import services, tokens
from courses.bookings.models import Attendee, Booking, WaitingListEntry
from tests.factories import CourseRunFactory, UserFactory
from tests.links import mutate, seen

from .booker import send

pytestmark = pytest.mark.django_db

DOORS = {
    "b/{}/": tokens.BOOKING_SALT,
    "b/{}/names/": tokens.BOOKING_SALT,
    "b/{}/move/": tokens.BOOKING_SALT,
    "b/{}/cancel/": tokens.BOOKING_SALT,
    "b/{}/calendar.ics": tokens.BOOKING_SALT,
    "waiting/{}/": tokens.WAITING_SALT,
    "waiting/{}/take/": tokens.WAITING_SALT,
}


@pytest.fixture
def keys(client: Client) -> dict[str, uuid.UUID]:
    """What opens a booking, and an offer of a place, by the links' salts."""
    run = CourseRunFactory(capacity=1)
    send(client, run, people=["Ada Example"])
    booking = Booking.objects.get()
    entry = services.join(run.pk, services.Waiter("Grace", "grace@example.org"), uuid.uuid4())
    services.cancel(booking.pk, [person.pk for person in booking.coming])
    return {tokens.BOOKING_SALT: booking.link_key, tokens.WAITING_SALT: entry.link_key}


def ask(client: Client, method: str, door: str, token: str) -> HttpResponse:
    return client.generic(method, f"/courses/bookings/{door.format(token)}")


def test_the_doors_are_open_to_those_who_have_the_key(
    client: Client, keys: dict[str, uuid.UUID]
) -> None:
    for door, salt in DOORS.items():
        token = sign_link(keys[salt], salt)
        assert ask(client, "GET", door, token).status_code == 200, door


@pytest.mark.slow
def test_mutated_links_open_nothing_and_tell_nothing(
    client: Client, keys: dict[str, uuid.UUID], rounds: Callable[[int, int], int]
) -> None:
    chance = random.Random(7)  # noqa: S311
    unknown = {
        (method, door): seen(ask(client, method, door, sign_link(uuid.uuid4(), salt)))
        for method in ("GET", "HEAD", "POST")
        for door, salt in DOORS.items()
    }
    assert {answer[0] for answer in unknown.values()} == {404, 405}
    before = [list(model.objects.values()) for model in (Booking, WaitingListEntry)]
    for _ in range(rounds(500, 10_000)):
        door, salt = chance.choice(list(DOORS.items()))
        method = chance.choice(["GET", "GET", "GET", "HEAD", "POST"])
        token = sign_link(keys[salt], salt)
        mutated = mutate(token, chance)
        if mutated != token:
            assert seen(ask(client, method, door, mutated)) == unknown[method, door], mutated
    assert before == [list(model.objects.values()) for model in (Booking, WaitingListEntry)]


def test_a_link_of_one_kind_opens_no_other(client: Client, keys: dict[str, uuid.UUID]) -> None:
    """Nor does the key without its signature, or an old one."""
    for door, salt in DOORS.items():
        [other] = set(keys) - {salt}
        unknown = seen(ask(client, "GET", door, sign_link(uuid.uuid4(), salt)))
        for token in (
            sign_link(keys[other], other),
            sign_link(keys[salt], other),
            sign_link(keys[other], salt),
            keys[salt].hex,
            str(keys[salt]),
        ):
            assert seen(ask(client, "GET", door, token)) == unknown, (door, token)
    old = sign_link(keys[tokens.BOOKING_SALT], tokens.BOOKING_SALT)
    services.renew_link(Booking.objects.get().pk)
    unknown = seen(ask(client, "GET", "b/{}/", "nonsense"))
    assert seen(ask(client, "GET", "b/{}/", old)) == unknown


ALL_BITS = 2**128 - 1


def is_random(keys: Iterable[uuid.UUID]) -> bool:
    """Whether each of the 128 bits is now on, now off: with 60 keys, chance hides none."""
    numbers = [key.int for key in keys]
    assert len(numbers) >= 60
    return reduce(or_, numbers) == ALL_BITS and reduce(and_, numbers) == 0


def test_what_a_link_carries_is_random_in_every_bit(client: Client) -> None:
    run = CourseRunFactory(capacity=60)
    for number in range(3):
        booker = {"email": f"p{number}@example.org", "ip": f"10.{number}.0.1"}
        send(client, run, people=["Ada Example"] * 20, **booker)
    marks = dict.fromkeys(Attendee.objects.values_list("pk", flat=True), "present")
    services.mark_attendance(run.pk, marks, user=UserFactory())
    assert is_random(Attendee.objects.values_list("certificate_key", flat=True))
    booking = Booking.objects.first()
    assert booking
    assert is_random(services.renew_link(booking.pk).link_key for _ in range(60))
    assert is_random(Booking().link_key for _ in range(60))
    assert is_random(WaitingListEntry().link_key for _ in range(60))
    forms = (tokens.read_form(tokens.sign_form(run.pk), run.pk) for _ in range(60))
    assert is_random(key for key in forms if key)
