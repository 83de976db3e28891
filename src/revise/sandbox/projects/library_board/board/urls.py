"""The URLs of the board, under /api/."""

from django.urls import path

from . import views

urlpatterns = [
    path("arrivals/", views.arrivals),
    path("books/<int:pk>/", views.book),
    path("most-viewed/", views.most_viewed),
]
