"""Every door of the web application. What belongs to a workspace stands under /w/<slug>/."""

from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView

from config.health import healthz

handler404 = "config.absent.absent"

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("hooks/inbound/", include("bcc_inbound.hook_urls")),
    path("", include("accounts.urls")),
    path("w/<slug:slug>/", RedirectView.as_view(pattern_name="activities:list"), name="home"),
    path("w/<slug:slug>/", include("contacts.urls")),
    path("w/<slug:slug>/", include("activities.urls")),
    path("w/<slug:slug>/", include("mailsync.urls")),
    path("w/<slug:slug>/", include("bcc_inbound.urls")),
    path("hooks/", include("mailsync.webhooks.urls")),
    path("oauth/", include("mailsync.oauth_urls")),
    path("accounts/", include("allauth.account.urls")),
    path("api/v1/w/<slug:slug>/", include("contacts.api_urls")),
    path("api/v1/w/<slug:slug>/", include("activities.api_urls")),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="api_schema"),
]
