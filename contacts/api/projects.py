"""Projects and their settings, and the internal domains."""

import uuid
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from contacts import selectors
from contacts.api.strict import DirectoryViewSet, StrictSerializer
from contacts.models import InternalDomain, Project
from contacts.services.checks import find
from contacts.services.delete_project import delete_project
from contacts.services.internal_domains import add_internal_domain, remove_internal_domain
from contacts.services.project_settings import (
    INTERACTION_TYPE_LIMIT,
    ProjectSettings,
    create_project,
    edit_project,
    settings_of,
)


class ProjectSerializer(StrictSerializer):
    """A project's settings; `members` counts while it is not open to all."""

    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(max_length=200)
    interaction_type = serializers.CharField(max_length=INTERACTION_TYPE_LIMIT, default="Email")
    creates_contacts = serializers.BooleanField(default=True)
    assigns_forwards = serializers.BooleanField(default=False)
    open_to_all = serializers.BooleanField(default=True)
    members = serializers.ListField(
        child=serializers.UUIDField(), max_length=1_000, default=list, source="member_ids"
    )
    created_at = serializers.DateTimeField(read_only=True)

    def to_internal_value(self, data: Any) -> Any:
        facts = super().to_internal_value(data)
        if "member_ids" in facts:
            facts["member_ids"] = frozenset(facts["member_ids"])
        return facts

    def to_representation(self, project: Project) -> dict[str, Any]:
        project.member_ids = [row.member_id for row in project.named_members.all()]  # type: ignore[attr-defined]
        return super().to_representation(project)


class ProjectViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, DirectoryViewSet):
    """The projects that the key's member may see; an admin's key also those it administrates."""

    serializer_class = ProjectSerializer
    write_capability = "edit projects"

    queryset = Project.objects.none()  # Names the model in the schema; get_queryset chooses.

    def get_queryset(self) -> QuerySet[Project]:
        known = selectors.administered_projects(self.workspace_id, self.by)
        return known.prefetch_related("named_members")

    def create(self, request: Request, **_: Any) -> Response:
        settings = ProjectSettings(**self.facts(ProjectSerializer))
        made = create_project(self.workspace_id, by=self.by, settings=settings)
        return self.shown(made.id, 201)

    def partial_update(self, request: Request, pk: uuid.UUID, **_: Any) -> Response:
        facts = self.facts(ProjectSerializer, partial=True)
        now = settings_of(find(Project, self.workspace_id, pk))
        edit_project(self.workspace_id, by=self.by, project_id=pk, settings=replace(now, **facts))
        return self.shown(pk)

    @extend_schema(parameters=[OpenApiParameter("into", str, required=True)])
    def destroy(self, request: Request, pk: uuid.UUID, **_: Any) -> Response:
        find(Project, self.workspace_id, pk)
        into = serializers.UUIDField().run_validation(request.query_params.get("into"))
        delete_project(self.workspace_id, by=self.by, project_id=pk, into_id=into)
        return Response(status=204)


class InternalDomainSerializer(StrictSerializer):
    id = serializers.UUIDField(read_only=True)
    domain = serializers.CharField(max_length=300)


class InternalDomainViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, DirectoryViewSet):
    serializer_class = InternalDomainSerializer
    write_capability = "edit rules"

    queryset = InternalDomain.objects.none()  # Names the model in the schema; get_queryset chooses.

    def get_queryset(self) -> QuerySet[InternalDomain]:
        return selectors.internal_domains(self.workspace_id)

    def create(self, request: Request, **_: Any) -> Response:
        facts = self.facts(InternalDomainSerializer)
        made = add_internal_domain(self.workspace_id, by=self.by, **facts)
        return self.shown(made.id, 201)

    def destroy(self, request: Request, pk: uuid.UUID, **_: Any) -> Response:
        remove_internal_domain(self.workspace_id, by=self.by, domain_id=pk)
        return Response(status=204)
