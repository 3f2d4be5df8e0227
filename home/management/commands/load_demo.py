from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from home.demo.site import DemoSite


class Command(BaseCommand):
    """Fills the site with its demo content, or takes that away again."""

    help = (
        "Load the demo content: courses, dates relative to today, news, people. "
        "Can be run again: what is there stays as it is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer the way back."""
        parser.add_argument(
            "--clear",
            action="store_true",
            help="remove it, except what staff made or changed and what that needs",
        )

    def handle(self, *args: Any, clear: bool, **options: Any) -> None:
        """Load or clear, saying what is being done."""
        demo = DemoSite(self.stdout.write)
        if clear:
            kept = demo.clear()
            exception = ", except what is named above" if kept else ""
            self.stdout.write(f"The demo content is gone{exception}.")
        else:
            demo.load()
            self.stdout.write("The demo content is there.")
