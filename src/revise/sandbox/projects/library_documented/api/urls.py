"""The URLs of the API, under /api/."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from . import views

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("books/", views.BookList.as_view()),
    path("books/<str:isbn>/", views.BookDetail.as_view()),
    path("books/<str:isbn>/availability/", views.Availability.as_view()),
    path("reservations/", views.Reservations.as_view()),
]
