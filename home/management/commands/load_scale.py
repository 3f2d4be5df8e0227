from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from home.scale import make_courses


class Command(BaseCommand):
    """Fills the site with as much as a big one has, to measure with."""

    help = (
        "Add many courses and dates, to measure how fast the site stays. "
        "For a database of its own: nothing takes them away again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take how many of each."""
        parser.add_argument("--courses", type=int, default=0, help="how many courses to add")
        parser.add_argument("--dates", type=int, default=0, help="how many dates, among them all")

    def handle(self, *args: Any, courses: int, dates: int, **options: Any) -> None:
        """Make them, saying how many."""
        make_courses(courses, dates)
        self.stdout.write(f"Added {courses} courses with {dates} dates.")
