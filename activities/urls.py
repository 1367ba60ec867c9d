"""The pages of activities."""

app_name = "activities"
urlpatterns = []
