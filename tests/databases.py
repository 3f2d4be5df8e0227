"""Copies of the test database, so that a test may have a filled or a really committed one.

A test normally runs in a transaction on a database that holds what the migrations made, and rolls
it back. What cannot work so (a server in another thread, two writers at once) gets a database of
its own, copied in a fraction of a second, and thrown away: nothing is ever flushed.
"""

import fcntl
import itertools
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import OperationalError, connection

numbers = itertools.count(1)


def is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def current() -> str:
    return str(connection.settings_dict["NAME"])


def new_name() -> str:
    """A name for one more database beside the current one."""
    return f"{current()}-{next(numbers)}"


def copy(source: str, target: str) -> None:
    """Copy a whole database. Nobody may be writing to the source."""
    connection.close()
    if is_sqlite():
        with (
            sqlite3.connect(source) as read,
            sqlite3.connect(target) as write,
        ):
            read.backup(write)
        read.close()
        write.close()
        return
    with connection._nodb_cursor() as cursor:
        quote = connection.ops.quote_name
        cursor.execute(f"CREATE DATABASE {quote(target)} TEMPLATE {quote(source)}")


def drop(name: str) -> None:
    if is_sqlite():
        for suffix in ("", "-wal", "-shm"):
            Path(name + suffix).unlink(missing_ok=True)
        return
    quoted = connection.ops.quote_name(name)
    for last_try in (False, False, False, True):
        try:
            with connection._nodb_cursor() as cursor:
                cursor.execute(f"DROP DATABASE IF EXISTS {quoted} WITH (FORCE)")
        except OperationalError:
            # A process that is on its way out may come back for a moment.
            if last_try:
                raise
            time.sleep(1)
        else:
            return


@contextmanager
def using(name: str) -> Iterator[None]:
    """Let every connection made from now on, in any thread, lead to the named database."""
    before = current()
    _switch(name)
    try:
        yield
    finally:
        _switch(before)


def _switch(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
    # What was remembered of the other database.
    cache.clear()
    ContentType.objects.clear_cache()


@contextmanager
def copy_of(source: str) -> Iterator[str]:
    """Use a copy of a database, and throw it away in the end."""
    name = new_name()
    copy(source, name)
    try:
        with using(name):
            yield name
    finally:
        drop(name)


@contextmanager
def lock(file: Path) -> Iterator[None]:
    """Keep the other test processes out."""
    with file.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def share_media(folder: Path) -> None:
    """Keep this process's uploads for the other test processes."""
    shutil.copytree(settings.MEDIA_ROOT, folder, dirs_exist_ok=True)


def fetch_media(folder: Path) -> None:
    shutil.copytree(folder, settings.MEDIA_ROOT, dirs_exist_ok=True)
