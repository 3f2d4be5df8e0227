from django.apps import AppConfig


class CommentsAppConfig(AppConfig):
    """What readers say about posts, after staff have read it."""

    name = "blog.comments"
    label = "blog_comments"
    verbose_name = "comments"
