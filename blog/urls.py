"""Addresses that stay the same whatever staff call the news page: people's readers know them."""

from django.urls import path

from . import views

app_name = "blog"
urlpatterns = [
    path("feed/", views.feed, name="feed"),
    path("rss/", views.rss, name="rss"),
]
