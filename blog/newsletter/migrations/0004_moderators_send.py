from django.db import migrations

from base.moderators import permit


class Migration(migrations.Migration):
    dependencies = [("blog_newsletter", "0003_issues")]

    operations = [permit("blog_newsletter", {"sending": ("add", "view", "change")})]
