"""Companies, their domains and their projects."""

import uuid
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from contacts import selectors
from contacts.api.strict import DirectoryViewSet, StrictSerializer
from contacts.models import Company
from contacts.services.company_domains import add_company_domain, remove_company_domain
from contacts.services.create_company import create_company
from contacts.services.delete_company import delete_company
from contacts.services.edit_company import edit_company
from contacts.services.merge_companies import merge_companies
from contacts.services.project_companies import add_project_company, remove_project_company


class DomainSerializer(StrictSerializer):
    domain = serializers.CharField(max_length=300)
    shared = serializers.BooleanField(read_only=True)
    share = serializers.BooleanField(write_only=True, default=False)


class CompanySerializer(StrictSerializer):
    """A company as it is shown; `projects` are those that the key's member may see."""

    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(max_length=200)
    domains = DomainSerializer(many=True, read_only=True)
    projects = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField(read_only=True)

    def get_projects(self, company: Company) -> list[uuid.UUID]:
        return [row.project_id for row in company.company_projects.all()]


class NewCompanySerializer(StrictSerializer):
    name = serializers.CharField(max_length=200)
    domains = serializers.ListField(
        child=serializers.CharField(max_length=300), max_length=50, default=list
    )
    share = serializers.BooleanField(default=False)
    projects = serializers.ListField(child=serializers.UUIDField(), max_length=50, default=list)


class MergeSerializer(StrictSerializer):
    into = serializers.UUIDField()


class CompanyViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, DirectoryViewSet):
    serializer_class = CompanySerializer

    queryset = Company.objects.none()  # Names the model in the schema; get_queryset chooses.

    def get_queryset(self) -> QuerySet[Company]:
        text = selectors.search_text(self.request.query_params.get("q", ""))
        return selectors.companies(self.workspace_id, self.by, text=text)

    @extend_schema(request=NewCompanySerializer, responses={201: CompanySerializer})
    def create(self, request: Request, **_: Any) -> Response:
        facts = self.facts(NewCompanySerializer)
        projects = self.seen(facts.pop("projects"))
        made = create_company(self.workspace_id, by=self.by, project_ids=projects, **facts)
        return self.shown(made.id, 201)

    def partial_update(self, request: Request, pk: uuid.UUID, **_: Any) -> Response:
        facts = self.facts(CompanySerializer)
        edit_company(self.workspace_id, by=self.by, company_id=pk, **facts)
        return self.shown(pk)

    def destroy(self, request: Request, pk: uuid.UUID, **_: Any) -> Response:
        delete_company(self.workspace_id, by=self.by, company_id=pk)
        return Response(status=204)

    @extend_schema(request=DomainSerializer, responses={201: CompanySerializer})
    @action(detail=True, methods=["post"])
    def domains(self, request: Request, pk: uuid.UUID, **_: Any) -> Response:
        add_company_domain(
            self.workspace_id, by=self.by, company_id=pk, **self.facts(DomainSerializer)
        )
        return self.shown(pk, 201)

    @action(detail=True, methods=["delete"], url_path="domains/<str:domain>")
    def domain(self, request: Request, pk: uuid.UUID, domain: str, **_: Any) -> Response:
        remove_company_domain(self.workspace_id, by=self.by, company_id=pk, domain=domain[:300])
        return Response(status=204)

    @extend_schema(request=None, responses={200: CompanySerializer})
    @action(detail=True, methods=["put"], url_path="projects/<uuid:project>")
    def project(self, request: Request, pk: uuid.UUID, project: uuid.UUID, **_: Any) -> Response:
        project_id = self.seen_in_address(project)
        add_project_company(self.workspace_id, by=self.by, project_id=project_id, company_id=pk)
        return self.shown(pk)

    @extend_schema(request=None, responses={204: None})
    @project.mapping.delete
    def leave_project(
        self, request: Request, pk: uuid.UUID, project: uuid.UUID, **_: Any
    ) -> Response:
        project_id = self.seen_in_address(project)
        remove_project_company(self.workspace_id, by=self.by, project_id=project_id, company_id=pk)
        return Response(status=204)

    @extend_schema(request=MergeSerializer, responses={200: CompanySerializer})
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: uuid.UUID, **_: Any) -> Response:
        into = self.facts(MergeSerializer)["into"]
        merge_companies(self.workspace_id, by=self.by, kept_id=into, gone_id=pk)
        return self.shown(into)
