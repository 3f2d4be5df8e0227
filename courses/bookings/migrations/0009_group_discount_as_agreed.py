from django.db import migrations, models


def keep_agreed(apps, schema_editor):
    """Note from how many people the group discounts of bookings count, and drop what never did."""
    Discount = apps.get_model("courses_bookings", "Discount")
    for discount in Discount.objects.filter(kind="group", people_from__isnull=False):
        discount.bookings.update(discount_people_from=discount.people_from)
    Discount.objects.exclude(kind="voucher").update(times=None)


class Migration(migrations.Migration):
    dependencies = [("courses_bookings", "0008_told_of_waiting")]

    operations = [
        migrations.AddField(
            model_name="booking",
            name="discount_people_from",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="discount",
            name="people_from",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="For several people: it counts while so many people in one booking come.",
                null=True,
                verbose_name="people",
            ),
        ),
        migrations.AlterField(
            model_name="discount",
            name="times",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="For a voucher: in so many bookings, without those that were wholly cancelled. Left empty, as often as people like.",
                null=True,
                verbose_name="how often",
            ),
        ),
        migrations.RunPython(keep_agreed, migrations.RunPython.noop),
    ]
