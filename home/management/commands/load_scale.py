from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from blog.models import BlogIndexPage
from courses.models import CourseIndexPage
from home.scale.courses import add_courses, remove_courses
from home.scale.posts import add_posts, remove_posts


class Command(BaseCommand):
    """Fills the site with as much as a big one has, to measure with, and empties it again."""

    help = (
        "Add many posts, courses and dates, to measure how fast the site stays. Their addresses "
        "begin with scale-data-. Not for a site in use."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take how many of each, or the way back."""
        parser.add_argument("--posts", type=int, default=0, help="how many posts to add")
        parser.add_argument("--courses", type=int, default=0, help="how many courses to add")
        parser.add_argument("--dates", type=int, default=0, help="how many dates, among them all")
        parser.add_argument("--clear", action="store_true", help="remove them all")

    def handle(
        self, *args: Any, posts: int, courses: int, dates: int, clear: bool, **options: Any
    ) -> None:
        """Add or remove, and say what. Raises CommandError where there is nothing to do."""
        if clear:
            self.stdout.write(f"{remove_posts()} posts and {remove_courses()} courses are gone.")
            return
        if min(posts, courses, dates) < 0 or not (posts or courses) or (dates and not courses):
            raise CommandError("Say how many --posts, or how many --courses with how many --dates.")
        try:
            if posts:
                add_posts(BlogIndexPage.objects.get(), posts)
            if courses:
                add_courses(CourseIndexPage.objects.get(), courses, dates)
        except (BlogIndexPage.DoesNotExist, CourseIndexPage.DoesNotExist) as error:
            raise CommandError(
                "There is no page to put them under. Try load_demo first."
            ) from error
        self.stdout.write(
            f"Added {posts} posts, and {courses} courses with {dates} dates. "
            "`update_index` lets the search find them all."
        )
