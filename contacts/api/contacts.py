"""Contacts with their addresses, and the profiles that they have in projects."""

import uuid
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from contacts import selectors
from contacts.api.companies import MergeSerializer
from contacts.api.strict import DirectoryViewSet, StrictSerializer
from contacts.models import Contact, Profile
from contacts.problems import NotThere
from contacts.services.checks import find
from contacts.services.contact_addresses import add_contact_address, remove_contact_address
from contacts.services.create_contact import create_contact
from contacts.services.delete_contact import delete_contact
from contacts.services.edit_contact import edit_contact
from contacts.services.merge_contacts import merge_contacts
from contacts.services.profiles import give_profile, take_profile


class ContactSerializer(StrictSerializer):
    """A contact as it is shown; `projects` are those of its profiles that the member may see."""

    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(max_length=200, allow_blank=True)
    company = serializers.UUIDField(source="company_id", allow_null=True)
    addresses = serializers.SerializerMethodField()
    projects = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField(read_only=True)

    def get_addresses(self, contact: Contact) -> list[str]:
        return [row.address for row in contact.addresses.all()]

    def get_projects(self, contact: Contact) -> list[uuid.UUID]:
        return [profile.project_id for profile in contact.profiles.all()]


class NewContactSerializer(StrictSerializer):
    name = serializers.CharField(max_length=200, allow_blank=True, default="")
    company = serializers.UUIDField(source="company_id", allow_null=True, default=None)
    addresses = serializers.ListField(
        child=serializers.CharField(max_length=400), max_length=50, default=list
    )
    projects = serializers.ListField(child=serializers.UUIDField(), max_length=50, default=list)
    lift_erasure = serializers.BooleanField(default=False)


class AddressSerializer(StrictSerializer):
    address = serializers.CharField(max_length=400)
    lift_erasure = serializers.BooleanField(default=False)


class ContactViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, DirectoryViewSet):
    serializer_class = ContactSerializer

    queryset = Contact.objects.none()  # Names the model in the schema; get_queryset chooses.

    def get_queryset(self) -> QuerySet[Contact]:
        text = selectors.search_text(self.request.query_params.get("q", ""))
        return selectors.contacts(self.workspace_id, self.by, text=text)

    @extend_schema(request=NewContactSerializer, responses={201: ContactSerializer})
    def create(self, request: Request, **_: Any) -> Response:
        facts = self.facts(NewContactSerializer)
        projects = self.seen(facts.pop("projects"))
        made = create_contact(self.workspace_id, by=self.by, project_ids=projects, **facts)
        return self.shown(made.id, 201)

    def partial_update(self, request: Request, pk: uuid.UUID, **_: Any) -> Response:
        facts = self.facts(ContactSerializer, partial=True)
        contact = find(Contact, self.workspace_id, pk)
        now = {"name": contact.name, "company_id": contact.company_id}
        edit_contact(self.workspace_id, by=self.by, contact_id=pk, **(now | facts))
        return self.shown(pk)

    def destroy(self, request: Request, pk: uuid.UUID, **_: Any) -> Response:
        delete_contact(self.workspace_id, by=self.by, contact_id=pk)
        return Response(status=204)

    @extend_schema(request=AddressSerializer, responses={201: ContactSerializer})
    @action(detail=True, methods=["post"])
    def addresses(self, request: Request, pk: uuid.UUID, **_: Any) -> Response:
        add_contact_address(
            self.workspace_id, by=self.by, contact_id=pk, **self.facts(AddressSerializer)
        )
        return self.shown(pk, 201)

    @action(detail=True, methods=["delete"], url_path="addresses/<str:address>")
    def address(self, request: Request, pk: uuid.UUID, address: str, **_: Any) -> Response:
        remove_contact_address(self.workspace_id, by=self.by, contact_id=pk, address=address[:400])
        return Response(status=204)

    @extend_schema(request=MergeSerializer, responses={200: ContactSerializer})
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: uuid.UUID, **_: Any) -> Response:
        into = self.facts(MergeSerializer)["into"]
        merge_contacts(self.workspace_id, by=self.by, kept_id=into, gone_id=pk)
        return self.shown(into)


class ProfileSerializer(StrictSerializer):
    id = serializers.UUIDField(read_only=True)
    contact = serializers.UUIDField(source="contact_id")
    project = serializers.UUIDField(source="project_id")
    origin = serializers.CharField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)


class ProfileViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, DirectoryViewSet):
    """Profiles in the projects that the key's member may see, of one contact or of all."""

    serializer_class = ProfileSerializer
    filterset_fields = ("contact", "project")

    queryset = Profile.objects.none()  # Names the model in the schema; get_queryset chooses.

    def get_queryset(self) -> QuerySet[Profile]:
        return selectors.profiles(self.workspace_id, self.by)

    def create(self, request: Request, **_: Any) -> Response:
        facts = self.facts(ProfileSerializer)
        self.seen([facts["project_id"]])
        made = give_profile(self.workspace_id, by=self.by, **facts)
        return self.shown(made.id, 201)

    def destroy(self, request: Request, pk: uuid.UUID, **_: Any) -> Response:
        profile = self.get_queryset().filter(id=pk).first()
        if profile is None:
            raise NotThere("")
        take_profile(
            self.workspace_id,
            by=self.by,
            contact_id=profile.contact_id,
            project_id=profile.project_id,
        )
        return Response(status=204)
