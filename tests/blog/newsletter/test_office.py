"""From the check list to the report, as staff see it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from base.models import User
from blog.newsletter import services
from blog.newsletter.models import Delivery, NewsletterIssuePage, Sending
from tests import markup
from tests.factories import NewsletterIssuePageFactory, SubscriberFactory, UserFactory

pytestmark = pytest.mark.django_db

Work = Callable[[], None]
EVERYBODY = Sending.Audience.EVERYBODY


@pytest.fixture
def issue(db: None) -> NewsletterIssuePage:
    page: NewsletterIssuePage = NewsletterIssuePageFactory(title="May & June")
    page.save_revision().publish()
    return page


@pytest.fixture
def url(issue: NewsletterIssuePage) -> str:
    return reverse("newsletter_office:send", args=[issue.pk])


def send_form(**changes: str) -> dict[str, str]:
    return {"audience": EVERYBODY, "when": "now", "send_at": "", "do": "ask"} | changes


def test_the_editor_leads_there(admin: Client, issue: NewsletterIssuePage, url: str) -> None:
    page = markup.read(admin.get(reverse("wagtailadmin_pages:edit", args=[issue.pk])).content)
    assert page.find_all("a", href=url)
    listed = admin.get(reverse("newsletters:index"))
    assert "May &amp; June" in listed.content.decode()


def test_shows_what_to_look_at(admin: Client, url: str) -> None:
    answer = admin.get(url)
    text = markup.read(answer.content).get_text()
    assert "Check list" in text
    assert "May & June" in text
    assert markup.read(answer.content).find_all("iframe")


def test_shows_every_edition(admin: Client, issue: NewsletterIssuePage) -> None:
    url = reverse("newsletter_office:letter", args=[issue.pk])
    for query in ({}, {"edition": "news"}, {"dark": "on"}, {"text": "on"}, {"edition": "nonsense"}):
        answer = admin.get(url, query)
        assert answer.status_code == 200
        assert "May &amp; June" in answer.content.decode()
        assert "unsafe-inline" in answer["Content-Security-Policy"]
    assert "(prefers-color-scheme" not in admin.get(url, {"dark": "on"}).content.decode()


def test_asks_before_it_sends(admin: Client, url: str, work: Work) -> None:
    SubscriberFactory.create_batch(2)
    asked = admin.post(url, send_form())
    assert "Send “May &amp; June” to 2 people now?" in asked.content.decode()
    assert not Sending.objects.exists()
    # What the page's own form sends.
    form = markup.read(asked.content).find_all("form")[-1]
    sent = {field["name"]: field.get("value", "") for field in form.find_all("input")}
    answer = admin.post(url, sent | {"do": "send"})
    assert answer.status_code == 302
    assert admin.post(url, sent | {"do": "send"}).status_code == 302
    work()
    assert len(mail.outbox) == 2
    page = markup.read(admin.get(url).content)
    assert "It was sent" in page.get_text()
    assert page.find("progress")["value"] == "100"
    assert "Sent, " in admin.get(reverse("newsletters:index")).content.decode()


def test_sends_at_a_chosen_time(admin: Client, url: str) -> None:
    SubscriberFactory()
    at = timezone.localtime() + dt.timedelta(days=2)
    form = send_form(when="later", send_at=f"{at:%d/%m/%Y %H:%M}")
    assert f"{at:%-d %B %Y}" in admin.post(url, form).content.decode()
    admin.post(url, form | {"do": "send"})
    sending = Sending.objects.get()
    assert abs(sending.send_at - at) < dt.timedelta(minutes=1)
    page = admin.get(url).content.decode()
    assert "It goes out on" in page
    admin.post(url, {"do": "cancel"})
    assert "Check list" in admin.get(url).content.decode()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"when": "later"}, "Please choose a day and a time"),
        ({"when": "later", "send_at": "01/01/2020 10:00"}, "This time is over"),
        ({"when": "later", "send_at": "01/01/2999 10:00"}, "more than a year away"),
        ({"when": "later", "send_at": "soon"}, "Enter a valid date/time"),
        ({"audience": "cats"}, "Select a valid choice"),
        ({"when": ""}, "This field is required"),
    ],
)
def test_says_what_is_wrong_beside_the_field(
    changes: dict[str, str], message: str, admin: Client, url: str
) -> None:
    SubscriberFactory()
    for step in ("ask", "send"):
        answer = admin.post(url, send_form(**changes) | {"do": step})
        assert answer.status_code == 200
        assert message in answer.content.decode()
    assert not Sending.objects.exists()


def test_does_not_send_to_nobody(admin: Client, url: str) -> None:
    assert "Nobody gets it" in admin.post(url, send_form()).content.decode()


def test_wants_it_published_first(admin: Client, issue: NewsletterIssuePage, url: str) -> None:
    SubscriberFactory()
    issue.unpublish()
    assert "publish the issue first" in admin.get(url).content.decode()
    admin.post(url, send_form(do="send"))
    assert not Sending.objects.exists()


def test_pauses_goes_on_and_stops(
    admin: Client, staff: User, issue: NewsletterIssuePage, url: str, settings: Any
) -> None:
    settings.NEWSLETTER_MAILS_A_SECOND = 0.2
    SubscriberFactory.create_batch(3)
    sending = services.schedule(issue, EVERYBODY, None, staff)
    services.deliver_some(sending.pk)
    progress = reverse("newsletter_office:progress", args=[issue.pk])
    for step, said in (("pause", "It is paused"), ("resume", "It is going out")):
        admin.post(url, {"do": step})
        assert said in admin.get(progress).content.decode()
    bar = markup.read(admin.get(progress).content).find("progress")
    assert bar["value"] == "33"
    admin.post(url, {"do": "cancel"})
    page = markup.read(admin.get(progress).content)
    assert "It was called off" in page.get_text()
    assert page.find(attrs={"data-over": "yes"}) is not None
    assert Delivery.objects.filter(state="cancelled").count() == 2


def test_a_test_goes_to_whoever_asks(admin: Client, staff: User, url: str, work: Work) -> None:
    SubscriberFactory()
    admin.post(url, {"do": "trial"})
    work()
    assert [sent.to for sent in mail.outbox] == [[staff.email]]


def test_the_report_counts_people(
    admin: Client, staff: User, issue: NewsletterIssuePage, url: str, work: Work
) -> None:
    readers = SubscriberFactory.create_batch(4)
    services.schedule(issue, EVERYBODY, None, staff)
    work()
    services.leave(readers[0])
    services.bounced(readers[1].email, description="550 5.1.1 Unknown")
    services.complained(readers[2].email)
    rows = {
        row.th.get_text(): row.td.get_text()
        for row in markup.read(admin.get(url).content).find(class_="issue-report").find_all("tr")
    }
    assert rows == {
        "Sent": "3",
        "Refused": "0",
        "Bounced": "1",
        "Left after it": "1",
        "Complaints": "1",
    }


@pytest.mark.parametrize("step", ["send", "ask", "pause", "resume", "cancel"])
def test_only_those_who_may_publish_send(
    step: str, client: Client, issue: NewsletterIssuePage, url: str, staff: User
) -> None:
    SubscriberFactory()
    editor = UserFactory()
    editor.groups.add(Group.objects.get(name="Editors"))
    client.force_login(editor)
    if step in {"send", "ask"}:
        assert "Somebody who may publish" in client.get(url).content.decode()
    else:
        services.schedule(issue, EVERYBODY, None, staff)
    before = list(Sending.objects.values_list("state", flat=True))
    answer = client.post(url, send_form(do=step))
    assert answer.status_code == 302
    assert answer["Location"] == reverse("wagtailadmin_home")  # the admin's "you may not"
    assert list(Sending.objects.values_list("state", flat=True)) == before


def test_the_page_stays_while_it_goes_out(
    admin: Client, issue: NewsletterIssuePage, staff: User
) -> None:
    SubscriberFactory()
    at = timezone.now() + dt.timedelta(days=1)
    sending = services.schedule(issue, EVERYBODY, at, staff)
    ways = [
        reverse("wagtailadmin_pages:delete", args=[issue.pk]),
        reverse("wagtailadmin_pages:delete", args=[issue.get_parent().pk]),
        reverse("wagtailadmin_pages:unpublish", args=[issue.pk]),
        f"/admin/bulk/wagtailcore/page/delete/?id={issue.pk}",
        f"/admin/bulk/wagtailcore/page/unpublish/?id={issue.pk}",
    ]
    for way in ways:
        answer = admin.post(way, follow=True)
        assert "is being sent, or will be" in answer.content.decode()
    issue.refresh_from_db()
    assert issue.live
    services.cancel(sending)
    admin.post(ways[0])
    assert not NewsletterIssuePage.objects.exists()


def test_called_off_and_sent_again_it_can_be_stopped(
    admin: Client, issue: NewsletterIssuePage, url: str, staff: User
) -> None:
    SubscriberFactory()
    at = timezone.now() + dt.timedelta(days=1)
    services.cancel(services.schedule(issue, EVERYBODY, at, staff))
    services.schedule(issue, EVERYBODY, at, staff)
    page = markup.read(admin.get(url).content)
    assert page.find("button", value="cancel")
    assert "Over on" not in page.get_text()


def test_shows_what_goes_out_and_not_the_next_draft(
    admin: Client, issue: NewsletterIssuePage, url: str, staff: User
) -> None:
    SubscriberFactory()
    issue.title = "Half a thought"
    issue.save_revision()
    assert "May &amp; June" in admin.post(url, send_form()).content.decode()
    letter = reverse("newsletter_office:letter", args=[issue.pk])
    assert "Half a thought" in admin.get(letter).content.decode()
    services.deliver_some(services.schedule(issue, EVERYBODY, None, staff).pk)
    assert "May &amp; June" in admin.get(letter).content.decode()


def test_days_are_read_as_they_are_written(admin: Client, url: str, staff: User) -> None:
    SubscriberFactory()
    UserProfile.objects.update_or_create(user=staff, defaults={"preferred_language": "en"})
    form = send_form(when="later", send_at=f"05/06/{timezone.now().year + 1} 10:00")
    page = admin.post(url, form).content.decode()
    assert "5 June" in page or "more than a year" in page


def test_strangers_see_nothing(client: Client, issue: NewsletterIssuePage, url: str) -> None:
    for name in ("send", "progress", "letter"):
        address = reverse(f"newsletter_office:{name}", args=[issue.pk])
        assert client.get(address).status_code == 302
        assert "login" in client.get(address)["Location"]
