import os
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.crypto import get_random_string
from django.utils.module_loading import autodiscover_modules

from base.clock.worker import Worker


class Command(BaseCommand):
    """Runs the worker: scheduled publishing, queued e-mail and periodic tidying up."""

    help = "Do what is queued and what is due, until told to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        """Let a server take the worker down with it, and tests wait for it."""
        parser.add_argument(
            "--batch", action="store_true", help="Do what there is to do now, then stop."
        )
        parser.add_argument(
            "--with-parent",
            action="store_true",
            help="Stop when the process that started this one ends, however it ends.",
        )

    def handle(self, *args: Any, batch: bool, with_parent: bool, **options: Any) -> None:
        """Run the worker."""
        autodiscover_modules("tasks")
        worker = Worker(worker_id=get_random_string(32), batch=batch)
        if not batch:
            worker.configure_signals()
        if with_parent:
            threading.Thread(target=self._end_with, args=[os.getppid()], daemon=True).start()
        worker.run()

    def _end_with(self, parent: int) -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(0)
