"""The developer's settings for real processes on this machine, with a folder of their own."""

import os
from pathlib import Path

FOLDER = Path(os.environ["TEST_VAR"])
os.environ |= {"SECRET_KEY": "only-for-tests", "MEDIA_ROOT": str(FOLDER / "media")}

from config.settings import base  # noqa: E402

base.VAR = FOLDER

from config.settings.dev import *  # noqa: E402, F403
