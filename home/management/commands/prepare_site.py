import secrets
from argparse import ArgumentParser
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand
from wagtail.models import Site

from base.services import count_pending_migrations
from home.models import HomePage

HOST = "127.0.0.1"
LOCAL_HOSTS = {"localhost", HOST}
USERNAME = "admin"
ACCOUNT = "first-account.txt"
BYTES_OF_A_PASSWORD = 16


class Command(BaseCommand):
    """Brings the site on this machine to where it can be served, and says how to sign in."""

    help = "Bring the database up to date, fill a new site, make the first account."

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
        self._make_first_account()
        address = f"http://{HOST}:{port}/"
        self.stdout.write(f"\n  The site   {address}\n  The admin  {address}admin/")
        if apps.is_installed("django_mail_preview"):
            self.stdout.write(f"  Its mails  {address}mail/")
        if account := self._first_account():
            self.stdout.write("  Sign in    user name: {}, password: {}".format(*account))
            self.stdout.write(f"             (kept in var/{ACCOUNT}; change it in the admin)")
        else:
            self.stdout.write("  Sign in    with your own account")
        self.stdout.write("  Stop       Ctrl+C\n")

    def _load_demo(self) -> None:
        """Load the demo content where the home page is as the migrations made it."""
        home = Site.objects.get(is_default_site=True).root_page.specific
        if (
            isinstance(home, HomePage)
            and not home.latest_revision_id
            and not home.hero_intro
            and not home.get_children().exists()
        ):
            # Its imports take time that later starts need not wait for.
            from home.demo.site import DemoSite

            self.stdout.write("Loading the demo content. This happens once.")
            DemoSite(lambda line: self.stdout.write(f"  {line}")).load()

    def _name_site(self, port: int) -> None:
        """Let full addresses lead to this machine, unless the site has a name of its own."""
        site = Site.objects.get(is_default_site=True)
        if site.hostname in LOCAL_HOSTS and (site.hostname, site.port) != (HOST, port):
            site.hostname, site.port = HOST, port
            site.save()

    def _make_first_account(self) -> None:
        """Make an administrator with a random password where nobody has an account."""
        User = get_user_model()  # noqa: N806
        if not User.objects.exists():
            password = secrets.token_urlsafe(BYTES_OF_A_PASSWORD)
            User.objects.create_superuser(USERNAME, "", password)
            account = settings.VAR / ACCOUNT
            account.touch(mode=0o600)
            account.write_text(f"user name: {USERNAME}\npassword: {password}\n")

    def _first_account(self) -> tuple[str, str] | None:
        """Return name and password of the first account, while it still opens the admin."""
        account = settings.VAR / ACCOUNT
        if not account.exists():
            return None
        name, password = (line.partition(": ")[2] for line in account.read_text().splitlines())
        user = get_user_model().objects.filter(username=name, is_active=True).first()
        return (name, password) if user and user.check_password(password) else None
