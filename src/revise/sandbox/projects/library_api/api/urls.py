"""The URLs of the API, under /api/."""

from django.urls import path

urlpatterns = []
