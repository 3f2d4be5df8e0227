"""The measuring that `make bench` does."""

import subprocess
import sys

import pytest

from tests.bench import ADDRESSES
from tests.processes import ROOT


@pytest.mark.slow
def test_it_measures_every_address() -> None:
    sizes = ["--courses", "4", "--dates", "20", "--requests", "2"]
    ran = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "tests.bench", *sizes],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    table = {line.split()[0]: line.split()[1:] for line in ran.stdout.splitlines() if "/" in line}
    for address in ADDRESSES:
        *times, queries, size = table[address]
        assert all(float(value) >= 0 for value in (*times, queries))
        assert int(size.replace(",", "")) > 0
