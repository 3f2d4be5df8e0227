from django.apps import AppConfig


class BlogMigrateConfig(AppConfig):
    """Bringing in the posts of an older site."""

    name = "blog.migrate"
    label = "blog_migrate"
    verbose_name = "imported posts"
