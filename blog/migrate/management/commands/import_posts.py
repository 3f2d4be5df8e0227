import gc
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from blog.migrate.errors import UnreadableError
from blog.migrate.fetching import Fetcher
from blog.migrate.progress import Progress
from blog.migrate.services import Importer
from blog.migrate.sources import open_source

STOPPED = "Stopped. What the report names is kept; run the command again to go on."
INTERRUPTED = 130  # as shells say it


class Command(BaseCommand):
    """Brings the posts of an older site in."""

    help = (
        "Bring posts in from a web feed, a WordPress export or saved pages: a file, a zip archive, "
        "a folder or an address. Can be run again: what is there stays as it is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask where from and how."""
        parser.add_argument("source", help="a file, a folder or an http(s) address")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done")
        parser.add_argument(
            "--publish", action="store_true", help="publish the posts; without it they are drafts"
        )
        parser.add_argument(
            "--allow-private-addresses",
            action="store_true",
            help="fetch from the site's own network as well",
        )

    def handle(
        self,
        *args: Any,
        source: str,
        dry_run: bool,
        publish: bool,
        allow_private_addresses: bool,
        **options: Any,
    ) -> None:
        """Open the source, and import it."""
        # What is loaded by now stays: looking through it for garbage takes a sixth of the time.
        gc.freeze()
        fetcher = Fetcher(allow_private=allow_private_addresses)
        try:
            with open_source(source, fetcher) as opened:
                progress = Progress(opened.count())
                importer = Importer(
                    opened, fetcher, publish=publish, dry_run=dry_run, progress=progress
                )
                self.run_importer(importer, progress)
        except UnreadableError as error:
            raise CommandError(str(error)) from error

    def run_importer(self, importer: Importer, progress: Progress) -> None:
        """Import, and print the report: also that of an import that somebody stopped."""
        is_stopped = False
        try:
            importer.run()
        except KeyboardInterrupt:
            is_stopped = True
        finally:
            progress.end()
        for line in importer.report.as_text():
            self.stdout.write(line)
        if is_stopped:
            raise CommandError(STOPPED, returncode=INTERRUPTED)
