"""Ignored and blocked entries: the workspace's and the member's own."""

import uuid
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response

from activities.api.base import RecordViewSet
from activities.api.shapes import EntrySerializer
from activities.models import Entry
from activities.selectors.entries import visible_entries
from activities.services.entries import add_entry, remove_entry


class EntryViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, RecordViewSet):
    """Ignored and blocked addresses, domains and patterns."""

    queryset = Entry.objects.none()
    serializer_class = EntrySerializer
    write_capability = "set own entries"
    keyset = ("-created_at", "-id")

    def get_queryset(self) -> QuerySet[Entry]:
        return visible_entries(self.workspace_id, self.by)

    @extend_schema(request=EntrySerializer, responses={201: EntrySerializer})
    def create(self, request: Request, **_: Any) -> Response:
        """Keep mail out from now on; an entry that is there already takes the new effect."""
        facts = self.facts(EntrySerializer)
        entry = add_entry(
            self.workspace_id,
            by=self.by,
            text=facts["value"],
            effect=facts["effect"],
            for_workspace=facts["workspace"],
            subdomains=facts["subdomains"],
        )
        return self.shown(entry.id, 201)

    def destroy(self, request: Request, pk: uuid.UUID, **_: Any) -> Response:
        """Lift an entry."""
        remove_entry(self.workspace_id, by=self.by, entry_id=pk)
        return Response(status=204)
