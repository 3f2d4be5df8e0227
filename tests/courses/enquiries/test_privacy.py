"""What is forgotten by itself, handed over and erased."""

import datetime as dt
import json
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from base.models import User
from courses.enquiries import services
from courses.enquiries.models import Enquiry, EnquiryEvent, EnquirySettings, Status
from tests.factories import EnquiryFactory

pytestmark = pytest.mark.django_db

PERSON = "/admin/enquiries/person/"


def run(*arguments: str) -> str:
    output = StringIO()
    call_command("enquiries_of", *arguments, stdout=output)
    return output.getvalue()


@pytest.fixture
def enquiry(staff: User) -> Enquiry:
    enquiry: Enquiry = EnquiryFactory(email="ada@example.org", name="Ada", message="Our words")
    services.add_note(enquiry.pk, "Called on Monday", staff)
    EnquiryFactory(email="grace@example.org")
    return enquiry


def test_closed_enquiries_go_after_so_many_months(rules: EnquirySettings, staff: User) -> None:
    closed, reopened, waiting = EnquiryFactory.create_batch(3)
    services.set_status(closed.pk, Status.CLOSED, staff)
    services.set_status(reopened.pk, Status.CLOSED, staff)
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


def test_a_person_is_handed_everything(enquiry: Enquiry, admin: Client) -> None:
    [mine] = json.loads(run("ADA@example.org"))
    assert mine["reference"] == enquiry.reference
    assert mine["message"] == "Our words"
    assert [note["text"] for note in mine["notes"]] == ["Called on Monday"]
    assert "Ada" not in mine["notes"][0]
    assert enquiry.reference in admin.get(PERSON, {"email": "ada@example.org"}).content.decode()
    response = admin.post(PERSON, {"email": "Ada@example.org", "export": "1"})
    assert json.loads(response.content) == [mine]


def test_a_person_is_erased(enquiry: Enquiry) -> None:
    assert "Erased 0 enquiries." in run("nobody@example.org", "--erase")
    assert "Erased 1 enquiry." in run("ADA@example.org", "--erase")
    assert Enquiry.objects.get().email == "grace@example.org"
    assert not EnquiryEvent.objects.exists()
    assert services.erase(" ") == 0


def test_erasing_in_the_admin_asks_first(enquiry: Enquiry, admin: Client) -> None:
    answer = admin.post(PERSON, {"email": "ada@example.org"}, follow=True)
    assert "tick that you are sure" in answer.content.decode()
    assert Enquiry.objects.count() == 2
    answer = admin.post(PERSON, {"email": "ada@example.org", "erase": "1"}, follow=True)
    assert "1 enquiry erased" in answer.content.decode()
    assert Enquiry.objects.get().email == "grace@example.org"
    for nonsense in ("", "nonsense", "\x00@example.org"):
        assert admin.get(PERSON, {"email": nonsense}).status_code == 200
        assert admin.post(PERSON, {"email": nonsense}).status_code == 302
