"""The URLs of the desk: none yet."""

urlpatterns = []
