"""The cache is a help, never a condition."""

import runpy
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from config.settings import base

NOBODY_LISTENS = "redis://127.0.0.1:1/0"


@pytest.mark.django_db
@pytest.mark.parametrize("url", [NOBODY_LISTENS, f"{NOBODY_LISTENS}?key_prefix=site"])
def test_pages_answer_while_redis_is_down(
    url: str, settings: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CACHE_URL", url)
    settings.CACHES = runpy.run_path(base.__file__)["CACHES"]
    cache.set("key", "value")
    assert cache.get("key") is None
    assert client.get("/").status_code == 200
