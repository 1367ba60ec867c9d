"""Activities, the two queues, and the acts on them."""

import uuid
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from activities.api.base import RecordViewSet
from activities.api.shapes import (
    ActivitySerializer,
    ChangeSerializer,
    DecisionSerializer,
    DismissalSerializer,
    NewAssignmentSerializer,
    ThreadProjectsSerializer,
    WaitingSerializer,
)
from activities.forms import read_id
from activities.models import Activity, Change, PendingParticipant
from activities.problems import NotThere
from activities.selectors import queues, timelines
from activities.selectors.changes import recent_changes
from activities.selectors.lines import with_rows
from activities.selectors.one_activity import shown
from activities.selectors.queue_filters import Filters
from activities.selectors.threads import own_private
from activities.selectors.visible import seen
from activities.selectors.why import Why, scrubbed, why_of, why_of_decision
from activities.services.assign import Whom, assign
from activities.services.choose_projects import add_thread, take_thread_out
from activities.services.dismiss import dismiss
from activities.services.log_by_hand import log_by_hand
from activities.services.remove_assignment import remove_assignment
from activities.services.undo import undo

_FILTERS = [
    OpenApiParameter("q", str, description="Part of a subject, a name or an address"),
    OpenApiParameter("arrived", str, description="bcc, sent or mailbox"),
]


class ActivityViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, RecordViewSet):
    """What is logged; by its id also what waits."""

    queryset = Activity.objects.none()
    serializer_class = ActivitySerializer

    def get_queryset(self) -> QuerySet[Activity]:
        if self.action == "list":
            asked = self.request.query_params
            rows = timelines.activities(
                self.sight,
                project_id=read_id(asked.get("project", "")),
                kind=asked.get("kind", ""),
                text=asked.get("q", ""),
                arrived=asked.get("arrived", ""),
            )
        else:
            rows = seen(self.sight)
        return with_rows(rows, self.sight)

    @extend_schema(
        parameters=[
            *_FILTERS,
            OpenApiParameter("project", uuid.UUID),
            OpenApiParameter("kind", str),
        ]
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(request=NewAssignmentSerializer, responses={201: ChangeSerializer})
    @action(detail=True, methods=["post"])
    def assignment(self, request: Request, pk: uuid.UUID, **_: Any) -> Response:
        """Record the activity by hand; what is refused leaves it as it was."""
        facts = self.facts(NewAssignmentSerializer)
        change = assign(
            self.workspace_id,
            by=self.by,
            activity_ids=[pk],
            whom=[_whom(one) for one in facts["targets"]],
            project_ids=facts["projects"],
            expected=facts["expected"],
        )
        return Response(ChangeSerializer(change).data, status=201)

    @extend_schema(responses={200: ChangeSerializer})
    @action(detail=True, methods=["delete"], url_path="assignment/<uuid:assignment>")
    def one_assignment(
        self, request: Request, pk: uuid.UUID, assignment: uuid.UUID, **_: Any
    ) -> Response:
        """Take the activity off one place and keep it off."""
        change = remove_assignment(
            self.workspace_id, by=self.by, activity_id=pk, assignment_id=assignment
        )
        return Response(ChangeSerializer(change).data)

    @extend_schema(request=DismissalSerializer, responses={201: ChangeSerializer})
    @action(detail=True, methods=["post"])
    def dismissal(self, request: Request, pk: uuid.UUID, **_: Any) -> Response:
        """Dismiss it as not about a customer."""
        expected = self.facts(DismissalSerializer)["expected"]
        change = dismiss(self.workspace_id, by=self.by, activity_ids=[pk], expected=expected)
        return Response(ChangeSerializer(change).data, status=201)

    @extend_schema(responses={200: DecisionSerializer(many=True)})
    @action(detail=True, methods=["get"], pagination_class=None)
    def decisions(self, request: Request, pk: uuid.UUID, **_: Any) -> Response:
        """What the engine said of each copy of the mail, the member's own first."""
        mail = shown(self.sight, pk)
        if mail is None:
            raise NotThere("")
        copies = sorted(mail.copies, key=lambda copy: copy.owner_id != self.by.id)
        told = why_of(self.sight, copies)
        whole = [scrubbed(self.sight, copy.decision) for copy in copies]
        return Response([_told(why, data) for why, data in zip(told, whole, strict=True)])


class UnassignedViewSet(mixins.ListModelMixin, RecordViewSet):
    """What waits for somebody to say whom it is about."""

    queryset = Activity.objects.none()
    serializer_class = ActivitySerializer

    def get_queryset(self) -> QuerySet[Activity]:
        asked = self.request.query_params
        filters = Filters(
            text=asked.get("q", ""),
            domain=asked.get("domain"),
            arrived=asked.get("arrived", ""),
        )
        return with_rows(queues.unassigned(self.sight, filters), self.sight)

    @extend_schema(parameters=[*_FILTERS, OpenApiParameter("domain", str)])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)


class NeedsProjectViewSet(mixins.ListModelMixin, RecordViewSet):
    """Threads on which somebody fits several projects."""

    queryset = PendingParticipant.objects.none()
    serializer_class = WaitingSerializer

    def get_queryset(self) -> QuerySet[PendingParticipant]:
        return queues.needs_project(self.sight)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.get_queryset()) or []
        told = queues.waiting_threads(self.sight, page)
        return self.get_paginated_response(WaitingSerializer(told, many=True).data)


class ThreadViewSet(RecordViewSet):
    """The projects of a thread."""

    serializer_class = ThreadProjectsSerializer
    queryset = Activity.objects.none()

    @extend_schema(request=ThreadProjectsSerializer, responses={201: ChangeSerializer})
    @action(detail=True, methods=["post"])
    def projects(self, request: Request, pk: uuid.UUID, **_: Any) -> Response:
        """Add the thread to projects: what is there and what will come."""
        ids = self.facts(ThreadProjectsSerializer)["projects"]
        change = add_thread(self.workspace_id, by=self.by, thread_id=pk, project_ids=ids)
        return Response(ChangeSerializer(change).data, status=201)

    @extend_schema(responses={200: ChangeSerializer})
    @action(detail=True, methods=["delete"], url_path="projects/<uuid:project>")
    def one_project(
        self, request: Request, pk: uuid.UUID, project: uuid.UUID, **_: Any
    ) -> Response:
        """Take the thread out of one project, and keep it out."""
        change = take_thread_out(self.workspace_id, by=self.by, thread_id=pk, project_ids=[project])
        return Response(ChangeSerializer(change).data)


class PrivateMessageViewSet(RecordViewSet):
    """Why an unlogged mail of the member's own stays private, and logging it by hand."""

    serializer_class = DecisionSerializer
    queryset = Activity.objects.none()

    @extend_schema(responses={200: DecisionSerializer})
    @action(detail=True, methods=["get"])
    def decision(self, request: Request, pk: uuid.UUID, **_: Any) -> Response:
        row = own_private(self.sight, pk)
        if row is None:
            raise NotThere("")
        told = why_of_decision(self.sight, row.decision)
        return Response(_told(told, scrubbed(self.sight, row.decision)))

    @extend_schema(request=NewAssignmentSerializer, responses={201: ChangeSerializer})
    @action(detail=True, methods=["post"])
    def assignment(self, request: Request, pk: uuid.UUID, **_: Any) -> Response:
        """Log the mail by hand."""
        facts = self.facts(NewAssignmentSerializer)
        change = log_by_hand(
            self.workspace_id,
            by=self.by,
            private_id=pk,
            whom=[_whom(one) for one in facts["targets"]],
            project_ids=facts["projects"],
        )
        return Response(ChangeSerializer(change).data, status=201)


class ChangeViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, RecordViewSet):
    """Recent changes, and the way back from each."""

    queryset = Change.objects.none()
    serializer_class = ChangeSerializer
    keyset = ("-made_at", "-id")

    def get_queryset(self) -> QuerySet[Any]:
        return recent_changes(self.workspace_id, self.by)

    @extend_schema(request=None, responses={200: ChangeSerializer})
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: uuid.UUID, **_: Any) -> Response:
        """Take the change back; done twice, the second time changes nothing."""
        change, _undone = undo(self.workspace_id, by=self.by, change_id=pk)
        return Response(ChangeSerializer(change).data)


def _whom(data: dict[str, Any]) -> Whom:
    return Whom(
        contact_id=data.get("contact"),
        company_id=data.get("company"),
        new_contact=data.get("new_contact"),
        new_company=data.get("new_company"),
        address=data["address"],
        link_domain=data["link_domain"],
    )


def _told(why: Why, data: dict[str, Any]) -> dict[str, Any]:
    steps = [
        {
            "rule": step.rule,
            "state": step.state.value,
            "text": step.text,
            "remedy": step.remedy,
            "remedy_text": step.remedy_text,
        }
        for step in why.steps
    ]
    return {
        "source": why.source,
        "outcome": why.outcome,
        "headline": why.headline,
        "owner": why.owner,
        "mine": why.mine,
        "steps": steps,
        "decision": data,
    }
