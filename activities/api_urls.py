"""The addresses of the record's API, under /api/v1/w/<slug>/."""

from rest_framework.routers import SimpleRouter

from activities.api.entries import EntryViewSet
from activities.api.record import (
    ActivityViewSet,
    ChangeViewSet,
    NeedsProjectViewSet,
    PrivateMessageViewSet,
    ThreadViewSet,
    UnassignedViewSet,
)

app_name = "activities_api"

router = SimpleRouter(use_regex_path=False)
router.register("activities", ActivityViewSet, basename="activity")
router.register("unassigned", UnassignedViewSet, basename="unassigned")
router.register("needs-project", NeedsProjectViewSet, basename="needs_project")
router.register("threads", ThreadViewSet, basename="thread")
router.register("private-messages", PrivateMessageViewSet, basename="private_message")
router.register("changes", ChangeViewSet, basename="change")
router.register("entries", EntryViewSet, basename="entry")

urlpatterns = router.urls
