from django.db import migrations

OFFICE = {
    ("courses_bookings", "booking"): ("add", "change"),
    ("courses_bookings", "attendee"): ("change",),
}
TRAINERS = {
    ("wagtailadmin", "admin"): ("access",),
    ("courses", "courserun"): ("view",),
    ("courses_bookings", "attendee"): ("change", "view"),
}


def permissions_of(apps, wanted):
    """Return permissions. Django makes them last, so they are made here."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    for (app_label, model), actions in wanted.items():
        content_type, _ = ContentType.objects.get_or_create(app_label=app_label, model=model)
        for action in actions:
            permission, _ = Permission.objects.get_or_create(
                content_type=content_type,
                codename=f"{action}_{model}",
                defaults={"name": f"Can {action} {model}"},
            )
            yield permission


def permit(apps, schema_editor):
    """Let Moderators, the office, change bookings and keep registers, as they could before.

    Trainers keep the registers, and see nothing else of bookings: a group to put people into.
    """
    Group = apps.get_model("auth", "Group")
    for group in Group.objects.filter(name="Moderators"):
        group.permissions.add(*permissions_of(apps, OFFICE))
    trainers, is_new = Group.objects.get_or_create(name="Trainers")
    if is_new:
        trainers.permissions.add(*permissions_of(apps, TRAINERS))


class Migration(migrations.Migration):
    dependencies = [
        ("courses_bookings", "0003_certificates_and_keeping"),
        ("courses", "0005_catalogue"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
    ]

    operations = [migrations.RunPython(permit, migrations.RunPython.noop)]
