"""The URLs of the API, under /api/."""

from django.urls import path
from rest_framework.authtoken.views import obtain_auth_token

from . import views

urlpatterns = [
    path("token/", obtain_auth_token),
    path("loans/", views.Loans.as_view()),
    path("loans/<int:pk>/return/", views.Return.as_view()),
]
