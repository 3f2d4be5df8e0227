from django.db import migrations

ACTIONS = ("add", "change", "delete", "view")


def credit_permissions(apps):
    """Return the permissions for credits. A new database has none yet: they come after the last
    migration."""
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="courses", model="credit"
    )
    permissions = apps.get_model("auth", "Permission").objects
    return [
        permissions.get_or_create(
            content_type=content_type,
            codename=f"{action}_credit",
            defaults={"name": f"Can {action} credit"},
        )[0]
        for action in ACTIONS
    ]


def give_permissions(apps, schema_editor):
    """Let Moderators, the office, record who helped to make a course and their consent."""
    for group in apps.get_model("auth", "Group").objects.filter(name="Moderators"):
        group.permissions.add(*credit_permissions(apps))


def take_permissions(apps, schema_editor):
    """Leave that to administrators."""
    for group in apps.get_model("auth", "Group").objects.filter(name="Moderators"):
        group.permissions.remove(*credit_permissions(apps))


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0004_access_credits_programmes"),
        ("home", "0004_help_pages_and_questions"),
    ]

    operations = [migrations.RunPython(give_permissions, take_permissions)]
