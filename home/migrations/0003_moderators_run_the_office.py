from django.db import migrations

EVERYTHING = ("add", "change", "delete", "view")
PERMISSIONS = {
    ("base", "organisationsettings"): ("change",),
    ("base", "topic"): EVERYTHING,
    ("base", "testimonial"): EVERYTHING,
    ("base", "calltoaction"): EVERYTHING,
    ("courses", "courserun"): EVERYTHING,
    ("courses", "venue"): EVERYTHING,
    ("courses", "carecertificatestandard"): EVERYTHING,
}


def office_permissions(apps):
    """Return the permissions of the office. A new database has none yet: they come after the last
    migration."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    permissions = []
    for (app_label, model), actions in PERMISSIONS.items():
        content_type, _ = ContentType.objects.get_or_create(app_label=app_label, model=model)
        name = apps.get_model(app_label, model)._meta.verbose_name
        for action in actions:
            permission, _ = Permission.objects.get_or_create(
                content_type=content_type,
                codename=f"{action}_{model}",
                defaults={"name": f"Can {action} {name}"},
            )
            permissions.append(permission)
    return permissions


def moderators(apps):
    """Return Wagtail's group of that name, which somebody may have renamed or deleted."""
    return apps.get_model("auth", "Group").objects.filter(name="Moderators")


def give_permissions(apps, schema_editor):
    """Let Moderators, the office, look after dates, what dates and pages share, and settings."""
    for group in moderators(apps):
        group.permissions.add(*office_permissions(apps))


def take_permissions(apps, schema_editor):
    """Leave all that to administrators, as it was."""
    for group in moderators(apps):
        group.permissions.remove(*office_permissions(apps))


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("base", "0002_foundation"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("courses", "0001_initial"),
        ("home", "0002_home_page"),
        ("wagtailcore", "0002_initial_data"),
    ]

    operations = [migrations.RunPython(give_permissions, take_permissions)]
