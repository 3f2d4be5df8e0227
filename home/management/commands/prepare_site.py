import secrets
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand
from wagtail.models import Site

from base.services import count_pending_migrations
from home.demo.site import DemoSite

HOST = "127.0.0.1"
LOCAL_HOSTS = {"localhost", HOST}
USERNAME = "admin"
BYTES_OF_A_PASSWORD = 16


class Command(BaseCommand):
    """Brings the site on this machine to where it can be served, and says how to sign in."""

    help = "Create or update the database, load the demo content once, make the first account."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the port that will be printed."""
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        """Do what is missing, and only that: a second run keeps all edits."""
        settings.VAR.mkdir(exist_ok=True)
        if count_pending_migrations():
            self.stdout.write("Bringing the database up to date.")
            call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
        self._load_demo()
        self._name_site(port)
        account = self._make_first_account()
        address = f"http://{HOST}:{port}/"
        self.stdout.write(f"\n  The site   {address}\n  The admin  {address}admin/")
        if account.exists():
            user, password = account.read_text().splitlines()
            self.stdout.write(f"  Sign in    {user}, {password}")
            self.stdout.write(f"             (kept in var/{account.name}; change it in the admin)")
        self.stdout.write("  Stop       Ctrl+C\n")

    def _load_demo(self) -> None:
        """Load the demo content, unless it was loaded before: then staff may have removed it."""
        loaded = settings.VAR / "demo-loaded"
        if not loaded.exists():
            self.stdout.write("Loading the demo content. This happens once.")
            DemoSite(lambda line: self.stdout.write(f"  {line}")).load()
            loaded.touch()

    def _name_site(self, port: int) -> None:
        """Let full addresses lead to this machine, unless the site has a name of its own."""
        site = Site.objects.get(is_default_site=True)
        if site.hostname in LOCAL_HOSTS and (site.hostname, site.port) != (HOST, port):
            site.hostname, site.port = HOST, port
            site.save()

    def _make_first_account(self) -> Path:
        """Make an administrator with a random password where there is none."""
        account: Path = settings.VAR / "first-account.txt"
        User = get_user_model()  # noqa: N806
        if not User.objects.filter(is_superuser=True).exists():
            password = secrets.token_urlsafe(BYTES_OF_A_PASSWORD)
            User.objects.create_superuser(USERNAME, "", password)
            account.touch(mode=0o600)
            account.write_text(f"user name: {USERNAME}\npassword: {password}\n")
        return account
