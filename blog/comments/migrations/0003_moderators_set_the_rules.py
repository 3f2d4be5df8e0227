from django.db import migrations


def permit(apps, schema_editor):
    """Let moderators set how comments are dealt with. Permissions are made here: Django makes them last."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    content_type, _ = ContentType.objects.get_or_create(
        app_label="blog_comments", model="commentsettings"
    )
    permission, _ = Permission.objects.get_or_create(
        content_type=content_type,
        codename="change_commentsettings",
        defaults={"name": "Can change comments"},
    )
    for group in Group.objects.filter(name="Moderators"):
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("blog_comments", "0002_moderators")]

    operations = [migrations.RunPython(permit, migrations.RunPython.noop)]
