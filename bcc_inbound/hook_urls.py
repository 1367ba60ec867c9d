"""The doors of providers, under /hooks/inbound/. The second form is for a secret in the path."""

from django.urls import path

from bcc_inbound.webhooks import door

app_name = "inbound_hooks"
urlpatterns = [
    # Mailgun sends a mail as it was only to a URL that ends with these four letters.
    path("mailgun/mime", door.receive, {"provider": "mailgun"}, name="receive_mime"),
    path("<slug:provider>/", door.receive, name="receive"),
    path("<slug:provider>/<str:secret>/", door.receive, name="receive_with_secret"),
]
