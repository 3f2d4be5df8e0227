from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses_bookings", "0004_who_changes_bookings")]

    operations = [
        migrations.AlterField(
            model_name="booking",
            name="email",
            field=models.EmailField(blank=True, db_index=True, max_length=254),
        ),
    ]
