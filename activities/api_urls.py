"""The API of activities."""

urlpatterns = []
