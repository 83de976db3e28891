"""The URLs of the API, under /api/."""

from django.urls import path

from . import views

urlpatterns = [
    path("loans/", views.LoanList.as_view()),
    path("report/", views.Report.as_view()),
]
