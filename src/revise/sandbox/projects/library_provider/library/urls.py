"""The URLs of the whole project."""

from django.contrib import admin
from django.contrib.auth.views import LoginView
from django.urls import include, path
from oauth2_provider.urls import base_urlpatterns, oidc_urlpatterns

# Without the pages on which every signed-in user may register an application.
provider = (base_urlpatterns + oidc_urlpatterns, "oauth2_provider")

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/login/", LoginView.as_view(), name="login"),
    path("o/", include(provider)),
    path("api/", include("api.urls")),
    path("", include("catalog.urls")),
]
