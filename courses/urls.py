"""Addresses that stand in people's calendars, and so stay the same."""

from django.urls import path, re_path

from . import feeds

app_name = "courses"
urlpatterns = [
    path("calendar.ics", feeds.all_dates, name="dates"),
    re_path(
        r"^topics/(?P<slug>[-\w]+)/calendar\.ics$", feeds.dates_of_topic, name="dates_of_topic"
    ),
    re_path(r"^(?P<slug>[-\w]+)/calendar\.ics$", feeds.dates_of_course, name="dates_of_course"),
]
