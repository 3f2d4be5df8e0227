"""What looks entries up in Wagtail's index: one way for each database, and one for all else."""

from django.db import connection

from base.search_backend import is_on_database

from .interface import Engine, Scope
from .plain import PlainEngine
from .postgres import PostgresEngine
from .sqlite import SqliteEngine

__all__ = ["Engine", "Scope", "current_engine"]

ENGINES: dict[str, type[Engine]] = {"postgresql": PostgresEngine, "sqlite": SqliteEngine}


def current_engine() -> Engine:
    """Return the engine for the index in use: Wagtail's in the database, or a server of its own."""
    engine = ENGINES.get(connection.vendor, PlainEngine) if is_on_database() else PlainEngine
    return engine()
