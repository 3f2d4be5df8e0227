"""What is forgotten by itself, handed over and erased."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from base.models import User
from courses.enquiries import services
from courses.enquiries.models import Enquiry, EnquiryEvent, EnquirySettings, Status
from tests.factories import EnquiryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def enquiry(staff: User) -> Enquiry:
    enquiry: Enquiry = EnquiryFactory(email="ada@example.org", name="Ada", message="Our words")
    services.add_note(enquiry.pk, "Called on Monday", staff)
    EnquiryFactory(email="grace@example.org")
    return enquiry


@pytest.mark.parametrize("end", [Status.BOOKED, Status.CLOSED])
def test_enquiries_that_are_over_go_after_so_many_months(
    end: Status, rules: EnquirySettings, staff: User
) -> None:
    over, reopened, waiting = EnquiryFactory.create_batch(3)
    services.set_status(over.pk, end, staff)
    services.set_status(reopened.pk, end, staff)
    services.set_status(reopened.pk, Status.ANSWERED, staff)
    now = timezone.now()
    assert services.delete_closed(rules, now + dt.timedelta(days=364)) == 0
    assert services.delete_closed(rules, now + dt.timedelta(days=367)) == 1
    assert set(Enquiry.objects.all()) == {reopened, waiting}


def test_the_worker_forgets(rules: EnquirySettings, work: Callable[[], None]) -> None:
    month_ago = timezone.now() - dt.timedelta(days=31)
    old = EnquiryFactory(network="n", created_at=month_ago, status=Status.ANSWERED)
    new = EnquiryFactory(network="n")
    EnquiryFactory(status=Status.CLOSED, closed_at=timezone.now() - dt.timedelta(days=400))
    work()
    assert dict(Enquiry.objects.values_list("pk", "network")) == {old.pk: "", new.pk: "n"}


def test_a_person_is_handed_everything(enquiry: Enquiry) -> None:
    [mine] = services.export("ADA@example.org")
    assert mine["reference"] == enquiry.reference
    assert mine["message"] == "Our words"
    assert [note["text"] for note in mine["notes"]] == ["Called on Monday"]
    assert "Ada" not in mine["notes"][0]


def test_a_person_is_erased(enquiry: Enquiry) -> None:
    assert services.erase("nobody@example.org") == 0
    assert services.erase("ADA@example.org") == 1
    assert Enquiry.objects.get().email == "grace@example.org"
    assert not EnquiryEvent.objects.exists()
    assert services.erase(" ") == 0
