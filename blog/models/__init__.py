from .index import POSTS_A_PAGE, BlogIndexPage, Listing
from .post import BlogPage, BlogPageAuthor

__all__ = ["POSTS_A_PAGE", "BlogIndexPage", "BlogPage", "BlogPageAuthor", "Listing"]
