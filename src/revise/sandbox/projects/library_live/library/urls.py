"""The URLs of the whole project."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", include("api.urls")),
    path("live/", include("live.urls")),
    path("", include("catalog.urls")),
]
