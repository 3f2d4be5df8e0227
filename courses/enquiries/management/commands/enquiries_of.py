import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from courses.enquiries import services


class Command(BaseCommand):
    """Hands over or erases what one person asked for, when the person asks for that."""

    help = "Print the in-house enquiries of one e-mail address as JSON, or erase them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address and what to do."""
        parser.add_argument("email")
        parser.add_argument("--erase", action="store_true", help="erase them for good")

    def handle(self, *args: Any, email: str, erase: bool, **options: Any) -> None:
        """Do it, and say how many there were."""
        if erase:
            count = services.erase(email)
            self.stdout.write(f"Erased {count} enquir{'y' if count == 1 else 'ies'}.")
        else:
            self.stdout.write(json.dumps(services.export(email), indent=2, ensure_ascii=False))
