from django.db import migrations


def permit(apps, schema_editor):
    """Let Moderators, the office, answer what people ask about their data. Django makes permissions
    last, so it is made here."""
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="base", model="user"
    )
    permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type,
        codename="answer_personal_data",
        defaults={"name": "Can hand over and erase what is kept about a person"},
    )
    for group in apps.get_model("auth", "Group").objects.filter(name="Moderators"):
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("base", "0003_help_and_links"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0002_initial_data"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="user",
            options={
                "abstract": False,
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "permissions": [
                    ("answer_personal_data", "Can hand over and erase what is kept about a person")
                ]
            },
        ),
        migrations.RunPython(permit, migrations.RunPython.noop),
    ]
