import django.core.validators
from django.db import migrations, models
from django.utils import timezone


def end_booked(apps, schema_editor):
    """Count the months from today for what was booked before: the office was told otherwise."""
    enquiries = apps.get_model("courses_enquiries", "Enquiry").objects
    enquiries.filter(status="booked", closed_at=None).update(closed_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("courses_enquiries", "0002_moderators")]

    operations = [
        migrations.AlterField(
            model_name="enquirysettings",
            name="keep_months",
            field=models.PositiveSmallIntegerField(
                default=12,
                help_text="So many months after an enquiry was booked or closed it is deleted by itself, for good.",
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(120),
                ],
                verbose_name="months to keep",
            ),
        ),
        migrations.RunPython(end_booked, migrations.RunPython.noop),
    ]
