from django.urls import path

from . import views

app_name = "search"
urlpatterns = [
    path("", views.search, name="search"),
    path("clicked/", views.clicked, name="clicked"),
    path("opensearch.xml", views.description, name="description"),
    path("results.json", views.results, name="results"),
    path("suggest/", views.suggestions, name="suggest"),
]
