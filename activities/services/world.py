"""Loads the facts that a batch of copies is judged by: everything in one query."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.conf import settings

from accounts.models import Member
from accounts.sealing import keyed_hash
from activities.matching.entries import NO_ENTRIES, Book, Entry
from activities.matching.facts import (
    CompanyFact,
    ContactFact,
    DomainFact,
    ProjectFact,
    ThreadFact,
    World,
    domains_to_look_up,
)
from activities.matching.words import AutomatedClass, Effect, EntryKind, Id, Insider
from activities.services import rows
from contacts.selectors import visible_projects


@dataclass(frozen=True, slots=True)
class ChannelFact:
    """A way in, as far as judging its copies needs it. Ids are text."""

    id: str
    name: str
    source: str
    owner: str | None
    scope: tuple[str, ...]
    looks_back: bool
    starts_at: datetime | None
    sharing: str


@dataclass(slots=True)
class Loaded:
    """The engine's world, the channels by id, and the owner's own addresses."""

    world: World
    channels: dict[str, ChannelFact] = field(default_factory=dict)
    own_addresses: frozenset[str] = frozenset()


def load_world(
    workspace_id: uuid.UUID,
    *,
    owner_id: uuid.UUID | None,
    addresses: Collection[str],
    channel_ids: Collection[uuid.UUID],
    threads: Mapping[Id, ThreadFact],
) -> Loaded:
    """Load what these addresses, channels and this owner need to be judged.

    One query; one more where a channel has no projects of its own (the workspace's address).
    """
    known = {address: keyed_hash("erased", str(workspace_id), address) for address in addresses}
    parameters: list[Any] = [
        str(workspace_id),
        list(addresses),
        list(domains_to_look_up(addresses)),
        list(known.values()),
        [str(channel) for channel in channel_ids],
        str(owner_id) if owner_id else None,
    ]
    found: dict[str, list[tuple[str, Any]]] = {}
    for kind, key, data in rows.fetch((_SQL, parameters)):
        found.setdefault(kind, []).append((key, data))
    erased = {digest for digest, _ in found.get("erased", ())}
    own_book = _book(found, str(owner_id)) if owner_id else NO_ENTRIES
    world = World(
        internal=_internal(found.get("internal", ())),
        internal_domains=frozenset(key for key, _ in found.get("internal domain", ())),
        inbound_domain=settings.INBOUND_DOMAIN,
        contacts={key: _contact(data) for key, data in found.get("contact", ())},
        domains=_domains(found),
        companies={
            key: CompanyFact(key, data["name"], frozenset(data["projects"] or ()))
            for key, data in found.get("company", ())
        },
        projects={key: ProjectFact(id=key, **data) for key, data in found.get("project", ())},
        entries=_book(found, None),
        member_entries={str(owner_id): own_book} if own_book.by_id else {},
        erased=frozenset(a for a, digest in known.items() if digest.hex() in erased),
        let_through=frozenset(AutomatedClass(key) for key, _ in found.get("class", ())),
        threads=threads,
    )
    channels = {key: _channel(key, data) for key, data in found.get("channel", ())}
    _open_scopes(workspace_id, owner_id, channels, [str(project) for project in world.projects])
    own = frozenset(key for key, _ in found.get("own", ()))
    return Loaded(world=world, channels=channels, own_addresses=own)


def _internal(found: Sequence[tuple[str, Any]]) -> dict[str, Insider]:
    return {
        key: Insider.MAILBOX if origin == "mailbox" else Insider.MEMBER for key, origin in found
    }


def _contact(data: dict[str, Any]) -> ContactFact:
    return ContactFact(
        id=data["id"],
        name=data["name"],
        company_id=data["company"],
        projects=frozenset(data["projects"] or ()),
        profiles_chosen=data["chosen"],
    )


def _domains(found: dict[str, list[tuple[str, Any]]]) -> dict[str, DomainFact]:
    companies: dict[str, list[str]] = {}
    shared: set[str] = set()
    for key, data in found.get("domain", ()):
        companies.setdefault(key, []).append(data["company"])
        if data["shared"]:
            shared.add(key)
    public = {key for key, _ in found.get("public", ())}
    return {
        key: DomainFact(
            domain=key,
            company_ids=tuple(companies.get(key, ())),
            shared=key in shared,
            public=key in public,
        )
        for key in companies.keys() | public
    }


def _book(found: dict[str, list[tuple[str, Any]]], member: str | None) -> Book:
    return Book.of(
        Entry(
            id=key,
            effect=Effect(data["effect"]),
            kind=EntryKind(data["kind"]),
            value=data["value"],
            subdomains=data["subdomains"],
            member_id=member,
        )
        for key, data in found.get("entry", ())
        if data["member"] == member
    )


def _channel(key: str, data: dict[str, Any]) -> ChannelFact:
    starts_at = data["starts_at"]
    return ChannelFact(
        id=key,
        name=data["name"],
        source=data["source"],
        owner=data["owner"],
        scope=tuple(data["projects"] or ()),
        looks_back=data["looks_back"],
        starts_at=datetime.fromisoformat(starts_at) if starts_at else None,
        sharing=data["sharing"],
    )


def _open_scopes(
    workspace_id: uuid.UUID,
    owner_id: uuid.UUID | None,
    channels: dict[str, ChannelFact],
    everything: list[str],
) -> None:
    """Give the workspace's own address the projects that the sender may see (R7)."""
    bare = [one for one in channels.values() if one.source == "bcc" and not one.scope]
    if not bare:
        return
    scope = everything
    if owner_id is not None:
        sender = Member.objects.get(workspace_id=workspace_id, id=owner_id)
        visible = visible_projects(workspace_id, sender).values_list("id", flat=True)
        scope = [str(project) for project in visible]
    for one in bare:
        channels[one.id] = replace(one, scope=tuple(scope))


_SQL = """
with given as (select %s::uuid as ws, %s::text[] as addresses, %s::text[] as domains,
    %s::bytea[] as hashes, %s::uuid[] as channels, %s::uuid as owner),
domains as (select d.* from given join contacts_companydomain d
    on d.workspace_id = given.ws and d.domain = any(given.domains))
select 'internal' as kind, a.address as key, to_json(a.origin) as data
    from given join accounts_memberaddress a on a.workspace_id = given.ws
      and a.address = any(given.addresses)
    where a.released_at is null and a.verified_at is not null
union all
select 'own', a.address, null from given join accounts_memberaddress a
    on a.workspace_id = given.ws and a.member_id = given.owner where a.verified_at is not null
union all
select 'internal domain', i.domain, null
    from given join contacts_internaldomain i on i.workspace_id = given.ws
union all
select 'public', p.domain, null from given join contacts_publicmaildomain p
    on p.workspace_id = given.ws and p.domain = any(given.domains)
union all
select 'class', c.name, null
    from given join activities_automatedclass c on c.workspace_id = given.ws
union all
select 'entry', e.id::text, json_build_object('effect', e.effect, 'kind', e.kind,
    'value', e.value, 'subdomains', e.subdomains, 'member', e.member_id)
    from given join activities_entry e on e.workspace_id = given.ws
    where e.member_id is null or e.member_id = given.owner
union all
select 'project', p.id::text, json_build_object('name', p.name,
    'interaction_type', p.interaction_type, 'creates_contacts', p.creates_contacts,
    'assigns_forwards', p.assigns_forwards)
    from given join contacts_project p on p.workspace_id = given.ws
union all
select 'contact', a.address, json_build_object('id', c.id, 'name', c.name,
    'company', c.company_id, 'chosen', c.profiles_chosen,
    'projects', (select json_agg(f.project_id) from contacts_profile f
        where f.workspace_id = c.workspace_id and f.contact_id = c.id))
    from given join contacts_contactaddress a on a.workspace_id = given.ws
      and a.address = any(given.addresses)
    join contacts_contact c on c.workspace_id = a.workspace_id and c.id = a.contact_id
union all
select 'domain', d.domain, json_build_object('company', d.company_id, 'shared', d.shared)
    from domains d
union all
select 'company', c.id::text, json_build_object('name', c.name,
    'projects', (select json_agg(p.project_id) from contacts_projectcompany p
        where p.workspace_id = c.workspace_id and p.company_id = c.id))
    from given join contacts_company c on c.workspace_id = given.ws
      and c.id in (select company_id from domains)
union all
select 'erased', encode(e.address_hash, 'hex'), null from given join contacts_erasedaddress e
    on e.workspace_id = given.ws and e.address_hash = any(given.hashes)
union all
select 'channel', c.id::text, json_build_object('name', c.name, 'source', c.source,
    'owner', c.owner_id, 'looks_back', c.looks_back, 'starts_at', c.starts_at,
    'sharing', c.sharing,
    'projects', (select json_agg(p.project_id order by p.id) from activities_channelproject p
        where p.workspace_id = c.workspace_id and p.channel_id = c.id))
    from given join activities_channel c on c.workspace_id = given.ws
      and c.id = any(given.channels)
"""
