from django.urls import path

from . import views

app_name = "courses_bookings"
urlpatterns = [
    path("office/<int:pk>/", views.book_for_somebody, name="book_for_somebody"),
    path("book/<int:pk>/", views.book, name="book"),
    path("wait/<int:pk>/", views.wait, name="wait"),
    path("wait/<int:pk>/done/", views.joined, name="joined"),
    path("waiting/<str:token>/", views.waiting, name="waiting"),
    path("waiting/<str:token>/take/", views.take_offer, name="take_offer"),
    path("b/<str:token>/", views.booking, name="booking"),
    path("b/<str:token>/names/", views.names, name="names"),
    path("b/<str:token>/move/", views.move, name="move"),
    path("b/<str:token>/cancel/", views.cancel, name="cancel"),
    path("b/<str:token>/calendar.ics", views.calendar, name="calendar"),
    path("certificate/<uuid:key>/", views.certificate, name="certificate"),
    path("certificate/<uuid:key>/certificate.pdf", views.certificate_file, name="certificate_file"),
]
