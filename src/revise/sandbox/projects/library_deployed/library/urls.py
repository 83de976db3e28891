"""The URLs of the whole project."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("desk/", include("desk.urls")),
    path("", include("catalog.urls")),
]
