"""The site as it is live: production settings, compressed files, several processes."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.processes import ROOT, environment
from tests.real_server import RealServer, serving

SETTINGS = "tests.production_settings"
# Compressing what only the admin needs takes longer than all the rest.
OF_THE_ADMIN = ("admin", "django_filters", "taggit", "wagtail*")


def collect_files(folder: Path) -> None:
    """Put the files that visitors get into `folder/static`, under names that tell their content."""
    collect = ["manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    for name in OF_THE_ADMIN:
        collect += ["--ignore", name]
    subprocess.run(  # noqa: S603
        [sys.executable, *collect], cwd=ROOT, env=environment(folder, SETTINGS), check=True
    )


@contextmanager
def live_site(folder: Path) -> Iterator[RealServer]:
    """Serve the current database as `make serve` does, with the uploads in `folder/media`.

    The files must have been collected.
    """
    with serving(folder, settings=SETTINGS) as server:
        yield server
