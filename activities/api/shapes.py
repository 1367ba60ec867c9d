"""How the record reads as JSON."""

from typing import Any

from rest_framework import serializers

from activities.api.base import StrictSerializer
from activities.models import Activity
from activities.selectors.lines import from_of, line_of
from activities.selectors.visible import shows_everything, shows_subject


class SomebodySerializer(StrictSerializer):
    name = serializers.CharField(read_only=True)
    address = serializers.CharField(read_only=True)


class AssignmentSerializer(StrictSerializer):
    """Where an activity is recorded; only what stands in a project that the member may see."""

    id = serializers.UUIDField(read_only=True)
    project = serializers.UUIDField(source="project_id", read_only=True)
    contact = serializers.UUIDField(source="contact_id", read_only=True, allow_null=True)
    company = serializers.UUIDField(source="company_id", read_only=True, allow_null=True)
    address = serializers.CharField(read_only=True)
    interaction_type = serializers.CharField(max_length=60)
    origin = serializers.CharField(read_only=True)
    rule = serializers.CharField(read_only=True)


class SourceSerializer(StrictSerializer):
    source = serializers.CharField(source="channel.source", read_only=True)  # type: ignore[assignment]
    owner = serializers.UUIDField(source="owner_id", read_only=True, allow_null=True)
    received_at = serializers.DateTimeField(read_only=True)
    direction = serializers.CharField(read_only=True)


class ActivitySerializer(StrictSerializer):
    """One activity at the level that is shared with the member: `title` and `snippet` are null
    where they are not."""

    id = serializers.UUIDField(read_only=True)
    kind = serializers.CharField(read_only=True)
    state = serializers.CharField(read_only=True)
    occurred_at = serializers.DateTimeField(read_only=True)
    title = serializers.SerializerMethodField()
    snippet = serializers.SerializerMethodField()
    writer = serializers.SerializerMethodField()
    thread = serializers.SerializerMethodField()
    domain = serializers.CharField(source="group_domain", read_only=True)
    banner = serializers.CharField(read_only=True)
    waits_for_project = serializers.SerializerMethodField()
    assignments = AssignmentSerializer(many=True, read_only=True)
    sources = serializers.SerializerMethodField()

    def get_title(self, activity: Activity) -> str | None:
        if not shows_subject(activity):
            return None
        return activity.message.subject if activity.message else activity.title

    def get_snippet(self, activity: Activity) -> str | None:
        return line_of(activity).snippet if shows_everything(activity) else None

    def get_writer(self, activity: Activity) -> dict[str, str]:
        writer = from_of(activity)
        if writer is not None:
            return {"name": writer.name, "address": writer.address}
        return {"name": line_of(activity).who, "address": ""}

    def get_thread(self, activity: Activity) -> str | None:
        return str(activity.thread.root_id) if activity.thread else None

    def get_waits_for_project(self, activity: Activity) -> bool:
        return bool(activity.pending.all())

    def get_sources(self, activity: Activity) -> list[dict[str, Any]]:
        copies = activity.message.sightings.all() if activity.message else []
        return list(SourceSerializer(copies, many=True).data)


class TargetSerializer(StrictSerializer):
    """One contact or company, or the one to be created."""

    contact = serializers.UUIDField(required=False)
    company = serializers.UUIDField(required=False)
    new_contact = serializers.CharField(required=False, max_length=200, allow_blank=True)
    new_company = serializers.CharField(required=False, max_length=200)
    address = serializers.CharField(required=False, max_length=400, default="")
    link_domain = serializers.CharField(required=False, max_length=300, default="")


class NewAssignmentSerializer(StrictSerializer):
    """Whom an activity is recorded on, in which projects, and the state that the caller saw."""

    targets = serializers.ListField(child=TargetSerializer(), min_length=1, max_length=20)
    projects = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=50)
    expected = serializers.ChoiceField(
        choices=Activity.State.choices, required=False, default="", allow_blank=True
    )


class DismissalSerializer(StrictSerializer):
    expected = serializers.ChoiceField(
        choices=Activity.State.choices, required=False, default=Activity.State.UNASSIGNED
    )


class ChangeSerializer(StrictSerializer):
    """What an act moved; `id` is what undo asks for."""

    id = serializers.UUIDField(read_only=True)
    kind = serializers.CharField(read_only=True)
    summary = serializers.CharField(read_only=True)
    made_at = serializers.DateTimeField(read_only=True)
    made_by = serializers.UUIDField(source="made_by_id", read_only=True, allow_null=True)
    undone_at = serializers.DateTimeField(read_only=True, allow_null=True)


class StepSerializer(StrictSerializer):
    rule = serializers.CharField(read_only=True)
    state = serializers.CharField(read_only=True)
    text = serializers.CharField(read_only=True)
    remedy = serializers.CharField(read_only=True)
    remedy_text = serializers.CharField(read_only=True)


class DecisionSerializer(StrictSerializer):
    """What the engine said of one copy: in sentences, and whole as `decision`."""

    source = serializers.CharField(read_only=True)  # type: ignore[assignment]
    outcome = serializers.CharField(read_only=True)
    headline = serializers.CharField(read_only=True)
    owner = serializers.CharField(read_only=True)
    mine = serializers.BooleanField(read_only=True)
    steps = StepSerializer(many=True, read_only=True)
    decision = serializers.JSONField(read_only=True)


class WaitingSerializer(StrictSerializer):
    """A thread in Needs project and the projects that somebody on it fits."""

    thread = serializers.UUIDField(source="thread_id", read_only=True)
    occurred_at = serializers.DateTimeField(source="at", read_only=True)
    subject = serializers.CharField(read_only=True)
    writer = serializers.CharField(source="who", read_only=True)
    addresses = serializers.ListField(child=serializers.CharField(), read_only=True)
    candidates = serializers.SerializerMethodField()
    mine = serializers.BooleanField(read_only=True)

    def get_candidates(self, waiting: Any) -> list[dict[str, str]]:
        return [{"id": str(one.id), "name": one.name} for one in waiting.candidates]


class ThreadProjectsSerializer(StrictSerializer):
    projects = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=50)


class EntrySerializer(StrictSerializer):
    """An entry; `workspace` says whether it holds for everybody."""

    id = serializers.UUIDField(read_only=True)
    value = serializers.CharField(max_length=254)
    kind = serializers.CharField(read_only=True)
    effect = serializers.ChoiceField(choices=["ignore", "block"])
    subdomains = serializers.BooleanField(default=True)
    workspace = serializers.BooleanField(default=False)
    hits = serializers.IntegerField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        instance.workspace_wide = instance.member_id is None
        shown = {
            name: getattr(instance, name)
            for name in ("id", "value", "kind", "effect", "subdomains", "hits", "created_at")
        }
        shown["id"] = str(instance.id)
        return shown | {"workspace": instance.member_id is None}
