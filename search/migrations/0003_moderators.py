from django.db import migrations

# The models that moderators look after, each with what its permissions are called.
MODELS = {
    ("search", "synonym"): "synonym",
    ("wagtailsearchpromotions", "searchpromotion"): "search promotion",
}


def permit(apps, schema_editor):
    """Let moderators help people find things. Permissions are made here: Django makes them last."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    for (app_label, model), name in MODELS.items():
        content_type, _ = ContentType.objects.get_or_create(app_label=app_label, model=model)
        for action in ("add", "change", "delete", "view"):
            permission, _ = Permission.objects.get_or_create(
                content_type=content_type,
                codename=f"{action}_{model}",
                defaults={"name": f"Can {action} {name}"},
            )
            for group in Group.objects.filter(name="Moderators"):
                group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0002_starting_synonyms"),
        ("wagtailsearchpromotions", "0008_query_verbose_name"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [migrations.RunPython(permit, migrations.RunPython.noop)]
