"""Mails go by any provider that django-anymail knows, when the environment names one."""

import json
import runpy
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import requests
from django.conf import LazySettings
from django.core.exceptions import BadRequest, ImproperlyConfigured, SuspiciousOperation
from django.test import RequestFactory

from base.mail import Attachment, send_later
from base.mail_events import urls_of
from config import mail_provider
from tests import production
from tests.processes import ROOT
from tests.test_mails import look

SECRET = {"ANYMAIL_WEBHOOK_SECRET": "mail-events:a-long-random-text"}


def settings_with(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, Any]:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(ROOT / "site/config/settings/base.py"))


def test_without_a_provider_the_mail_server_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings_with(monkeypatch, EMAIL_URL="smtp://mail.example.org:25")
    assert found["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert "anymail" not in found["INSTALLED_APPS"]
    assert "ANYMAIL" not in found


def test_the_environment_names_a_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings_with(
        monkeypatch,
        EMAIL_URL="smtp://mail.example.org:25",
        EMAIL_PROVIDER="mailgun",
        ANYMAIL_MAILGUN_API_KEY="$key",
        ANYMAIL_WEBHOOK_SECRET="new:secret, old:secret",
    )
    assert found["EMAIL_BACKEND"] == "anymail.backends.mailgun.EmailBackend"
    assert "anymail" in found["INSTALLED_APPS"]
    assert found["ANYMAIL"]["MAILGUN_API_KEY"] == "$key"
    assert found["ANYMAIL"]["WEBHOOK_SECRET"] == ["new:secret", "old:secret"]
    assert found["ANYMAIL"]["REQUESTS_TIMEOUT"] == found["EMAIL_TIMEOUT"]


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"EMAIL_PROVIDER": "mailgum", **SECRET}, "mailgum is not known. There are: amazon_ses"),
        ({"EMAIL_PROVIDER": "base_requests", **SECRET}, "is not known"),
        ({"EMAIL_PROVIDER": "../base", **SECRET}, "is not known"),
        ({"EMAIL_PROVIDER": "amazon_ses", **SECRET}, "pip install boto3"),
        ({"EMAIL_PROVIDER": "postmark"}, "ANYMAIL_WEBHOOK_SECRET"),
        ({"EMAIL_PROVIDER": "postmark", "ANYMAIL_WEBHOOK_SECRET": "no-colon"}, "a colon"),
        ({"EMAIL_PROVIDER": "postmark", "ANYMAIL_WEBHOOK_SECRET": "a:b,:"}, "a colon"),
        ({"EMAIL_PROVIDER": "mailgun", "ANYMAIL_WEBHOOK_SECRET": "no-colon"}, "a colon"),
    ],
    ids=str,
)
def test_what_cannot_work_stops_the_start(
    environment: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ImproperlyConfigured, match=said):
        settings_with(monkeypatch, **environment)


def test_who_signs_needs_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings_with(monkeypatch, EMAIL_PROVIDER="mailgun")
    assert found["ANYMAIL"]["WEBHOOK_SECRET"] == []


@pytest.mark.parametrize("provider", sorted(mail_provider.NEED_NO_SECRET - {"scaleway"}))
def test_who_needs_no_secret_is_refused_without_a_signature(
    provider: str, settings: LazySettings, rf: RequestFactory
) -> None:
    name = provider.upper()
    settings.ANYMAIL = {
        "WEBHOOK_SECRET": [],
        f"{name}_API_KEY": "key",
        f"{name}_SIGNING_SECRET": "key",
        f"{name}_WEBHOOK_KEY": "key",
    }
    [url] = urls_of(provider)
    request = rf.post("/", {"event": "bounced", "recipient": "ada@example.org"})
    with pytest.raises((SuspiciousOperation, BadRequest)):
        url.callback(request)


@pytest.mark.parametrize("provider", sorted(mail_provider.PROVIDERS))
def test_every_provider_has_what_sends_and_one_address(provider: str) -> None:
    if provider not in mail_provider.NEEDED:
        module, name = mail_provider.backend_of(provider).rsplit(".", 1)
        assert hasattr(import_module(module), name)
    addresses = [str(url.pattern) for url in urls_of(provider)]
    # What becomes of mails by Scaleway django-anymail does not hear.
    assert addresses == ([] if provider == "scaleway" else [f"{provider}/tracking/"])


@pytest.mark.usefixtures("real_database")
def test_the_address_for_its_events_exists_with_a_provider_alone(tmp_path: Path) -> None:
    addresses = [
        f"/mail-events/{name}/"
        for name in ("postmark/tracking", "postmark/inbound", "brevo/tracking")
    ]
    without = look(tmp_path, production.SETTINGS, *addresses)
    assert [answer[0] for answer in without["answers"].values()] == [404, 404, 404]
    found = look(tmp_path, production.SETTINGS, *addresses, EMAIL_PROVIDER="postmark", **SECRET)
    assert [answer[0] for answer in found["answers"].values()] == [405, 404, 404]
    assert found["backend"] == "anymail.backends.postmark.EmailBackend"


@pytest.mark.django_db
def test_an_invitation_goes_by_a_provider_that_takes_files_alone(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch, work: Callable[[], None]
) -> None:
    posted = []

    def answer(session: requests.Session, **asked: Any) -> requests.Response:
        posted.append(json.loads(asked["data"]))
        response = requests.Response()
        response.status_code = 200
        response._content = b'{"ErrorCode": 0, "MessageID": "1", "Message": "OK"}'
        return response

    monkeypatch.setattr(requests.Session, "request", answer)
    settings.EMAIL_BACKEND = mail_provider.backend_of("postmark")
    settings.ANYMAIL = mail_provider.settings_of(
        "postmark", {"ANYMAIL_POSTMARK_SERVER_TOKEN": "token", **SECRET}
    )
    calendar = Attachment("day.ics", "BEGIN:VCALENDAR", "text/calendar; method=REQUEST")
    send_later("Your place", "Dear Ada,", ["ada@example.org"], attachments=[calendar])
    work()
    [mail] = posted
    assert mail["To"] == "ada@example.org"
    assert "Dear Ada," in mail["TextBody"]
    assert "<html" in mail["HtmlBody"]
    assert [part["Name"] for part in mail["Attachments"]] == ["day.ics"]
