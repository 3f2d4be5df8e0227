from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def count_pending_migrations() -> int:
    """Return how many migrations the database still lacks.

    Raises DatabaseError where the database does not answer.
    """
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
