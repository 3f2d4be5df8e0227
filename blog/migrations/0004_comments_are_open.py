from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('blog', '0003_trust_label'),
    ]

    operations = [
        migrations.AddField(
            model_name='blogpage',
            name='comments_are_open',
            field=models.BooleanField(default=True, help_text='Untick to take no more comments. Those that are there stay.', verbose_name='open for comments'),
        ),
    ]
