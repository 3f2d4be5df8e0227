from django.contrib.auth.models import AbstractUser


class User(AbstractUser):  # type: ignore[django-manager-missing]  # Wagtail has no types
    """Someone who signs in to the admin. Ours from the first migration, so that it can grow."""

    class Meta(AbstractUser.Meta):
        permissions = [
            ("answer_personal_data", "Can hand over and erase what is kept about a person")
        ]
