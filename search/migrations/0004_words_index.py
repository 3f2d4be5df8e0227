from django.db import migrations

# Wagtail keeps an index of titles and one of texts. Searches ask for words that may stand in
# either, which neither of the two can answer.
CREATE = """
    CREATE INDEX IF NOT EXISTS search_words ON wagtailsearch_indexentry USING gin ((title || body))
"""
DROP = "DROP INDEX IF EXISTS search_words"


def create(apps, schema_editor):
    """Index titles and texts together, where the database is PostgreSQL."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(CREATE)


def drop(apps, schema_editor):
    """Go without, as it was."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(DROP)


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0003_moderators"),
        ("wagtailsearch", "0009_remove_ngram_autocomplete"),
    ]

    operations = [migrations.RunPython(create, drop)]
