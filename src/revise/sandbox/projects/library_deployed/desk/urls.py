"""Pages for whoever runs the library, under /desk/."""

from django.urls import path

from . import views

urlpatterns = [
    path("client/", views.client),
    path("covers/", views.covers),
    path("export/", views.report),
    path("release/", views.release),
    path("report/", views.report),
]
