"""The API of contacts."""

urlpatterns = []
