"""Measures the site as it is live, filled as a big provider's, and prints a table: `make bench`."""

import argparse
import http.client
import os
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import django

REQUESTS = 40
ADDRESSES = (
    "/",
    "/blog/",
    "/blog/co-production-can-change-lives/",
    "/blog/feed/",
    "/courses/",
    "/courses/?topic=dementia&places=yes",
    "/courses/?sort=price&level=advanced",
    "/courses/calendar/",
    "/courses/programme/",
    "/courses/safeguarding-adults/",
    "/courses/planner/",
    "/courses/enquiries/",
    "/courses/calendar.ics",
    "/search/?q=care",
    "/sitemap.xml",
    "/health/ready",
)


@dataclass
class Measure:
    """What one address takes: times in milliseconds, bytes as they are sent."""

    address: str
    first: float
    median: float
    p95: float
    queries: int
    bytes: int

    def __str__(self) -> str:
        times = f"{self.first:9.0f} {self.median:9.0f} {self.p95:9.0f}"
        return f"{self.address:40} {times} {self.queries:8} {self.bytes:10,}"


HEAD = f"{'':40} {'first ms':>9} {'median ms':>9} {'p95 ms':>9} {'queries':>8} {'bytes':>10}"


def fill(posts: int, courses: int, dates: int) -> None:
    """Load the demo, and so many more of each."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_demo", verbosity=0)
    if posts or courses:
        call_command("load_scale", posts=posts, courses=courses, dates=dates)
        call_command("update_index", verbosity=0)


def ask(port: int, address: str) -> tuple[float, int]:
    """Return the milliseconds until the whole answer is there, and its bytes."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=90)
    began = time.perf_counter()
    link.request("GET", address, headers={"Accept-Encoding": "br, gzip"})
    response = link.getresponse()
    size = len(response.read())
    taken = (time.perf_counter() - began) * 1000
    link.close()
    if response.status != 200:
        raise SystemExit(f"{address} answers {response.status}")
    return taken, size


def count_queries(address: str) -> int:
    """Return how often a page that was asked for before asks the database."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="127.0.0.1")
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


def measure(port: int, address: str, requests: int) -> Measure:
    first, _ = ask(port, address)
    answers = [ask(port, address) for _ in range(requests)]
    times = [taken for taken, _ in answers]
    return Measure(
        address,
        first,
        statistics.median(times),
        statistics.quantiles(times, n=20)[-1],
        count_queries(address),
        answers[-1][1],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=0, help="how many posts to add to the demo")
    parser.add_argument("--courses", type=int, default=2_000)
    parser.add_argument("--dates", type=int, default=20_000)
    parser.add_argument("--requests", type=int, default=REQUESTS, help="of each address")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        os.environ |= {
            "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
            "DJANGO_SETTINGS_MODULE": "tests.production_settings",
            "TEST_VAR": name,
        }
        django.setup()
        from django.core.management import call_command

        from tests.production import OF_THE_ADMIN, live_site

        call_command(
            "collectstatic", interactive=False, verbosity=0, ignore_patterns=list(OF_THE_ADMIN)
        )
        fill(options.posts, options.courses, options.dates)
        with live_site(folder) as server:
            print(HEAD)
            for address in ADDRESSES:
                print(measure(server.port, address, options.requests), flush=True)


if __name__ == "__main__":
    main()
