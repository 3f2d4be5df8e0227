import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses_bookings", "0002_moderators")]

    operations = [
        migrations.AddField(
            model_name="attendee",
            name="certificate_sent_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="bookingsettings",
            name="keep_years",
            field=models.PositiveSmallIntegerField(
                default=7,
                help_text="So many years after a date the names and addresses of those who booked and came are deleted by themselves. Invoices have to be kept for six.",
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(20),
                ],
                verbose_name="years to keep who booked",
            ),
        ),
    ]
