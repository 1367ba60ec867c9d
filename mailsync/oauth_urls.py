"""Where vendors send browsers back to: fixed addresses outside of any workspace."""

from django.urls import path

from mailsync.views import vendors

urlpatterns = [
    path("google/", vendors.returned, {"vendor": "google"}, name="google_return"),
    path("microsoft/", vendors.returned, {"vendor": "microsoft"}, name="microsoft_return"),
]
