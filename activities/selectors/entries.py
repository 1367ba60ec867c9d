"""What the page of ignored and blocked entries shows, and who may edit which."""

import uuid

from django.db.models import Q, QuerySet

from accounts.models import Member
from accounts.policies import may
from activities.models import AutomatedClass, BlockedMail, Entry
from contacts.addresses import is_public_mail_domain, is_public_suffix, suffixes
from contacts.models import CompanyDomain, InternalDomain, PublicMailDomain
from contacts.selectors import search_text


def may_edit(member: Member, entry: Entry) -> bool:
    """The workspace's entries are the admins', a member's are their own."""
    if entry.member_id is None:
        return may(member, "edit rules")
    return entry.member_id == member.id and may(member, "set own entries")


def workspace_entries(workspace_id: uuid.UUID, *, text: str = "") -> QuerySet[Entry]:
    """The entries that hold for every copy."""
    return _found(Entry.objects.filter(workspace_id=workspace_id, member=None), text)


def own_entries(workspace_id: uuid.UUID, member: Member, *, text: str = "") -> QuerySet[Entry]:
    """The entries that hold for this member's copies alone; nobody else sees them."""
    return _found(Entry.objects.filter(workspace_id=workspace_id, member=member), text)


def visible_entries(workspace_id: uuid.UUID, member: Member) -> QuerySet[Entry]:
    return Entry.objects.filter(Q(member=None) | Q(member=member), workspace_id=workspace_id)


def blocked_lines(workspace_id: uuid.UUID, member: Member, *, most: int = 10) -> list[BlockedMail]:
    """The latest mails that a block kept out, as far as they concern this member."""
    mine = Q(owner=member)
    if may(member, "manage inbound"):
        mine |= Q(owner=None)
    rows = BlockedMail.objects.filter(mine, workspace_id=workspace_id).select_related("entry")
    return list(rows.select_related("entry", "channel").order_by("-id")[:most])


def let_through(workspace_id: uuid.UUID) -> set[str]:
    """The classes of automated mail that an admin lets through."""
    return set(
        AutomatedClass.objects.filter(workspace_id=workspace_id).values_list("name", flat=True)
    )


def concerns(workspace_id: uuid.UUID, domain: str) -> list[str]:
    """Why keeping a domain out deserves a second look: whose it is. Codes, most serious first."""
    covered = Q(domain=domain) | Q(domain__endswith=f".{domain}") | Q(domain__in=suffixes(domain))
    found = []
    if CompanyDomain.objects.filter(covered, workspace_id=workspace_id).exists():
        found.append("customer")
    if InternalDomain.objects.filter(covered, workspace_id=workspace_id).exists():
        found.append("internal")
    added = PublicMailDomain.objects.filter(workspace_id=workspace_id, domain__in=suffixes(domain))
    if is_public_mail_domain(domain) or is_public_suffix(domain) or added.exists():
        found.append("public")
    return found


def _found(rows: QuerySet[Entry], text: str) -> QuerySet[Entry]:
    wanted = search_text(text)
    if wanted:
        rows = rows.filter(value__contains=wanted.lower())
    return rows.order_by("value", "id")


def companies_of(workspace_id: uuid.UUID, domain: str) -> list[str]:
    """The companies whose domain this is, covers or stands below."""
    covered = Q(domain=domain) | Q(domain__endswith=f".{domain}") | Q(domain__in=suffixes(domain))
    rows = CompanyDomain.objects.filter(covered, workspace_id=workspace_id)
    return list(dict.fromkeys(rows.order_by("domain").values_list("company__name", flat=True)))[:5]
