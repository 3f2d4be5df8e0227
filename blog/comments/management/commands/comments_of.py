import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from blog.comments import services


class Command(BaseCommand):
    """Hands over or erases what one person wrote, when the person asks for it."""

    help = "Export or erase the comments of one e-mail address."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address and what to do."""
        parser.add_argument("email")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--export", action="store_true", help="print them as JSON")
        what.add_argument("--erase", action="store_true", help="erase them for good")

    def handle(self, *args: Any, email: str, export: bool, **options: Any) -> None:
        """Do it, and say how many there were."""
        if export:
            self.stdout.write(json.dumps(services.export(email), indent=2, ensure_ascii=False))
        else:
            count = services.erase(email)
            self.stdout.write(f"Erased {count} comment{'' if count == 1 else 's'}.")
