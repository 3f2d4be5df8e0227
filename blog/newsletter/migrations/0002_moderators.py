from django.db import migrations

PERMISSIONS = {
    "subscriber": ("add", "view", "change"),
    "newslettersettings": ("change",),
}


def permit(apps, schema_editor):
    """Let Moderators, the office, look after the list. Django makes permissions last, so they are
    made here."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    groups = apps.get_model("auth", "Group").objects.filter(name="Moderators")
    for model, actions in PERMISSIONS.items():
        content_type, _ = ContentType.objects.get_or_create(
            app_label="blog_newsletter", model=model
        )
        name = apps.get_model("blog_newsletter", model)._meta.verbose_name
        for action in actions:
            permission, _ = Permission.objects.get_or_create(
                content_type=content_type,
                codename=f"{action}_{model}",
                defaults={"name": f"Can {action} {name}"},
            )
            for group in groups:
                group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("blog_newsletter", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0002_initial_data"),
    ]

    operations = [migrations.RunPython(permit, migrations.RunPython.noop)]
