"""The pages of contacts."""

app_name = "contacts"
urlpatterns = []
