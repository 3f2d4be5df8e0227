"""How long browsers insist on HTTPS."""

import runpy

import pytest

A_MINUTE, A_YEAR = 60, 31_536_000


@pytest.mark.parametrize(
    ("environment", "promised"),
    [
        ({}, (A_YEAR, False, False)),
        ({"HSTS_SECONDS": str(A_MINUTE)}, (A_MINUTE, False, False)),
        ({"HSTS_INCLUDE_SUBDOMAINS": "true", "HSTS_PRELOAD": "true"}, (A_YEAR, True, True)),
    ],
    ids=str,
)
def test_the_environment_decides(
    environment: dict[str, str], promised: tuple[int, bool, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    needed = {"SECRET_KEY": "only-for-tests", "ALLOWED_HOSTS": "www.example.org"}
    for name, value in (needed | environment).items():
        monkeypatch.setenv(name, value)
    settings = runpy.run_module("config.settings.production")
    names = ("SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD")
    assert tuple(settings[name] for name in names) == promised
