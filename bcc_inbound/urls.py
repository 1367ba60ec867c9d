"""The pages of bcc_inbound."""

app_name = "bcc_inbound"
urlpatterns = []
