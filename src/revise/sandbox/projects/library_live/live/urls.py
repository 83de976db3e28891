"""The URLs under /live/."""

urlpatterns = []
