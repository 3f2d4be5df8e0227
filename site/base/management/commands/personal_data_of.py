import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import validate_email

from base import personal_data


class Command(BaseCommand):
    """Hands over or erases what is kept about one person, when the person asks for it."""

    help = "Export or erase what is kept about one e-mail address."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address and what to do."""
        parser.add_argument("email")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--export", action="store_true", help="print it as JSON")
        what.add_argument("--erase", action="store_true", help="erase it for good")

    def handle(self, *args: Any, email: str, export: bool, **options: Any) -> None:
        """Do it; say what was erased, and what stays for now and why.

        Raises `CommandError` where it is no e-mail address.
        """
        try:
            validate_email(email.strip())
        except ValidationError as error:
            raise CommandError(f"{email!r} is no e-mail address.") from error
        if export:
            rows = personal_data.export(email)
            self.stdout.write(json.dumps(rows, indent=2, ensure_ascii=False, cls=DjangoJSONEncoder))
            return
        for label, count in personal_data.erase(email).items():
            self.stdout.write(f"{label}: {count} erased")
        for found in personal_data.look_up(email):
            for reason in found.stays:
                self.stdout.write(f"{found.label}: {reason}")
