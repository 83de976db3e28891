"""The URLs of the API, under /api/."""

from django.urls import path

from .soap import soap

urlpatterns = [path("soap/", soap)]
