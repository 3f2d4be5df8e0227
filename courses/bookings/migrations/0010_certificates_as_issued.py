from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses_bookings", "0009_group_discount_as_agreed")]

    operations = [
        migrations.AddField(
            model_name="attendee",
            name="attested",
            field=models.JSONField(blank=True, editable=False, null=True),
        ),
    ]
