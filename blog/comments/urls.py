from django.urls import path

from . import views

app_name = "blog_comments"
urlpatterns = [
    path("add/<int:pk>/", views.add, name="add"),
    path("thanks/<int:pk>/", views.thanks, name="thanks"),
    path("report/<int:pk>/", views.report, name="report"),
    path("reported/<int:pk>/", views.reported, name="reported"),
    path("stop/<str:token>/", views.stop, name="stop"),
]
