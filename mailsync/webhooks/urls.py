"""The doors that mail services push to. Their addresses are fixed: the services are told them."""

from django.urls import path

from mailsync.webhooks.gmail import GmailDoor
from mailsync.webhooks.graph import GraphDoor, LifecycleDoor

urlpatterns = [
    path("gmail/", GmailDoor.as_view(), name="gmail_push"),
    path("graph/", GraphDoor.as_view(), name="graph_push"),
    path("graph/lifecycle/", LifecycleDoor.as_view(), name="graph_lifecycle"),
]
