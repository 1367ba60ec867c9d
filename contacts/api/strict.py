"""What every endpoint of the directory shares: strict bodies, and refusals as answers."""

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers, viewsets
from rest_framework.response import Response

from accounts.models import Member
from contacts.problems import DirectoryProblem, NotThere
from contacts.selectors import visible_projects

if TYPE_CHECKING:
    _Serializer = serializers.Serializer[Any]
    _ViewSet = viewsets.GenericViewSet[Any]
else:
    _Serializer = serializers.Serializer
    _ViewSet = viewsets.GenericViewSet


class StrictSerializer(_Serializer):
    """A body in which a field that nobody knows, or that only the server sets, is an error."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            unknown = sorted(str(name)[:60] for name in data.keys() - writable)
            if unknown:
                sentence = _("This field does not exist, or only the server sets it.")
                raise serializers.ValidationError({name: [sentence] for name in unknown[:20]})
        return super().to_internal_value(data)


class DirectoryViewSet(_ViewSet):
    """One noun of the directory, as the key's member sees it."""

    lookup_value_converter = "uuid"

    @property
    def workspace_id(self) -> uuid.UUID:
        return self.by.workspace_id

    @property
    def by(self) -> Member:
        """The member whose key it is; the workspace middleware has proven it."""
        member: Member = self.request._request.member  # type: ignore[attr-defined]
        return member

    def facts(self, serializer_class: type[StrictSerializer], *, partial: bool = False) -> Any:
        """Return the request's checked body, or answer 400."""
        serializer = serializer_class(data=self.request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def seen(self, project_ids: list[uuid.UUID]) -> list[uuid.UUID]:
        """Return these ids when the key's member may see all of the projects, or answer 400."""
        visible = visible_projects(self.workspace_id, self.by).filter(id__in=project_ids)
        if visible.count() < len(set(project_ids)):
            raise DirectoryProblem(_("There is no such project."), field="projects")
        return project_ids

    def seen_in_address(self, project_id: uuid.UUID) -> uuid.UUID:
        """Return the id of a project that the address names, or answer 404."""
        if not visible_projects(self.workspace_id, self.by).filter(id=project_id).exists():
            raise NotThere("")
        return project_id

    def shown(self, row_id: uuid.UUID, status: int = 200) -> Response:
        """Answer the row as it stands now."""
        row = self.get_queryset().get(id=row_id)
        return Response(self.get_serializer(row).data, status=status)

    def handle_exception(self, exc: Exception) -> Response:
        """Answer a refusal with its sentence beside its field (400), what is absent with 404."""
        if isinstance(exc, NotThere):
            return super().handle_exception(exceptions.NotFound())
        if isinstance(exc, DirectoryProblem):
            body = {exc.field or "non_field_errors": [exc.sentence]}
            return super().handle_exception(exceptions.ValidationError(body))
        return super().handle_exception(exc)
