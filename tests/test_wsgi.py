"""The door through which the server enters."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import ROOT, environment

COUNT = """
import gc
from django.test import Client
from config.wsgi import application

Client().get("/health/live")
print(len(gc.get_objects()))
"""
# The code of the site, of Wagtail and of Django makes two hundred thousand.
FEW = 20_000


@pytest.mark.django_db
def test_garbage_is_looked_for_in_what_requests_make_alone(tmp_path: Path) -> None:
    command = [sys.executable, "-c", COUNT]
    done = subprocess.run(  # noqa: S603
        command, cwd=ROOT, env=environment(tmp_path), check=True, capture_output=True, text=True
    )
    assert int(done.stdout) < FEW, done.stdout
