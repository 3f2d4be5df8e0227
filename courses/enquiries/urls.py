from django.urls import path

from . import views

app_name = "courses_enquiries"
urlpatterns = [
    path("enquiries/", views.ask, name="ask"),
    path("enquiries/thanks/", views.thanks, name="thanks"),
    path("enquiries/thanks/<str:token>/", views.thanks, name="thanks"),
    path("planner/", views.planner, name="planner"),
    path("planner/plan.xlsx", views.spreadsheet, name="spreadsheet"),
]
