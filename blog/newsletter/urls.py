from django.urls import path

from . import views

app_name = "blog_newsletter"
urlpatterns = [
    path("feed/", views.feed, name="feed"),
    path("join/", views.join, name="join"),
    path("asked/", views.asked, name="asked"),
    path("confirm/<str:token>/", views.confirm, name="confirm"),
    path("preferences/<str:token>/", views.preferences, name="preferences"),
    path("leave/<str:token>/", views.leave, name="leave"),
    path("go/<int:pk>/", views.go, name="go"),
    path("erase/<str:token>/", views.erase, name="erase"),
]
