"""Four clicks at the same moment, each in a thread and a transaction of its own."""

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django_tasks_db.models import DBTaskResult
from wagtail.models import Site

from courses.enquiries import tokens
from courses.enquiries.models import Enquiry, EnquirySettings

from .asker import URL, answers


@pytest.mark.usefixtures("real_database")
def test_clicks_at_the_same_moment_are_one_enquiry_and_one_mail() -> None:
    EnquirySettings.for_site(Site.objects.get(is_default_site=True))
    same = answers(token=tokens.sign_form())
    start = threading.Barrier(4)
    told: list[Any] = []

    def click() -> None:
        try:
            start.wait()
            told.append(Client().post(URL, same).url)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 4
    assert len(set(told)) == 1
    assert Enquiry.objects.count() == 1
    assert DBTaskResult.objects.filter(task_path="base.tasks.send_mail").count() == 1
