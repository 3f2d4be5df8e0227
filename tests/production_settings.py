"""The production settings for real processes on this machine, with a folder of their own."""

import os
from pathlib import Path

FOLDER = Path(os.environ["TEST_VAR"])
os.environ |= {
    "SECRET_KEY": "only-for-tests",  # the tests' own, so that their signed links are good
    "ALLOWED_HOSTS": "127.0.0.1",
    "PLAIN_HTTP": "true",
    "CACHE_URL": "locmemcache://",
    "MEDIA_ROOT": str(FOLDER / "media"),
    "EMAIL_URL": "dummymail://",
}

from config.settings.production import *  # noqa: E402, F403

STATIC_ROOT = FOLDER / "static"
STATIC_ROOT.mkdir(exist_ok=True)
