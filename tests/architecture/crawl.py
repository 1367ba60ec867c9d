"""Asks every door as one visitor, and keeps what came back that should not have."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from django.db import connection
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from accounts import tenancy
from accounts.models import Member
from tests.architecture.doors import Door, doors
from tests.architecture.inhabit import key_text
from tests.architecture.proofs import workspace_models

PAGE_METHODS = ("GET", "POST")
API_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
NOT_THERE, WRONG_METHOD = 404, 405

# Every name under which a form of ours sends the id of a row.
ID_FIELDS = {
    "id": "activity",
    "open": "activity",
    "project": "project",
    "projects": "project",
    "into": "project",
    "contact": "contact",
    "company": "company",
    "members": "member",
    "member": "member",
    "folders": "folder",
    "assignment": "assignment",
}
# What a form needs beside, so that its ids are looked at.
PLAIN_FIELDS = {
    "kind": "note",
    "title": "Crawled",
    "text": "Crawled",
    "occurred_at": "2026-03-02T12:00",
    "name": "Crawled",
    "expected": "",
    "interaction_type": "Crawled",
    "role": "member",
    "email": "crawled@elsewhere.example",
    "address": "crawled@elsewhere.example",
    "domain": "crawled.example",
    "value": "crawled.example",
    "effect": "ignore",
    "whose": "mine",
    "sharing": "everything",
}


@dataclass
class Visitor:
    """Somebody who asks: with a session, with an API key, or with neither."""

    client: Client = field(default_factory=Client)
    key: str = ""
    also_api: bool = False

    @property
    def signed_in(self) -> bool:
        return "_auth_user_id" in self.client.session

    def doors(self) -> list[Door]:
        """The doors that this visitor knocks at: pages with a session, the API with a key."""
        return [one for one in doors() if one.is_api == bool(self.key) or self.also_api]

    def ask(self, method: str, url: str, data: Any = None, **headers: str) -> Any:
        """Send the request and return the answer, with everything in it as `answer.whole`."""
        if url.startswith("/api/"):
            if self.key:
                headers["Authorization"] = f"Bearer {self.key}"
            answer = self.client.generic(
                method,
                url,
                json.dumps(data or {}) if method != "GET" else "",
                content_type="application/json",
                headers=headers,
            )
        else:
            send = self.client.get if method == "GET" else self.client.post
            answer = send(url, data or {}, headers=headers)
        answer.whole = whole(answer)  # type: ignore[attr-defined]
        return answer


def signed_in(member: Member, *, also_api: bool = False) -> Visitor:
    client = Client()
    client.force_login(member.user)
    return Visitor(client, also_api=also_api)


def with_key(cast: SimpleNamespace, member: Member, *scopes: str) -> Visitor:
    return Visitor(key=key_text(cast, member, *scopes))


def whole(answer: Any) -> str:
    """Everything that an answer carries: its head, its cookies and its body."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    head = f"{dict(answer.items())} {answer.cookies.output()}"
    return f"{answer.status_code} {head}\n{body.decode('utf-8', 'replace')}"


def methods(door: Door) -> tuple[str, ...]:
    return API_METHODS if door.is_api else PAGE_METHODS


def show(method: str, url: str, answer: Any) -> str:
    return f"{method} {url} -> {answer.status_code}"


def to_sign_in(answer: Any) -> bool:
    return bool(answer.status_code == 302 and "/accounts/login/" in answer["Location"])


def carries(answer: Any, word: str) -> bool:
    return word.lower() in answer.whole.lower()


def query(places: Mapping[str, str], stem: str) -> dict[str, str]:
    """A query string that names the rows of `places` and searches for the beginning of a word."""
    return {
        "q": stem,
        "find": stem,
        "open": places["activity"],
        "project": places["project"],
        "contact": places["contact"],
        "whom": f"contact:{places['contact']}",
        "mailbox": places["mailbox"],
        "folder": places["folder"],
        "into": places["project"],
    }


def form(places: Mapping[str, str], whom: str) -> dict[str, Any]:
    """A form that fits every page of ours: the ids of `places` under every name that sends one."""
    ids = {name: places[key] for name, key in ID_FIELDS.items()}
    return PLAIN_FIELDS | ids | {"whom": f"{whom}:{places[whom]}"}


class ApiBodies:
    """Bodies for the operations of the API, made from its own schema."""

    def __init__(self) -> None:
        schema = SchemaGenerator().get_schema(request=None, public=True)
        self.paths, self.shapes = schema["paths"], schema["components"]["schemas"]

    def of(self, door: Door, method: str, places: Mapping[str, str]) -> Any:
        """A body that the operation reads, with the ids of `places` wherever it takes an id."""
        path = "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", door.route)
        operation = next(
            found.get(method.lower(), {})
            for named, found in self.paths.items()
            if _shape(named) == _shape(path)
        )
        content = operation.get("requestBody", {}).get("content", {})
        shape = content.get("application/json", {}).get("schema")
        return self._value("", shape, places) if shape else {}

    def _value(self, name: str, shape: Any, places: Mapping[str, str]) -> Any:
        if "$ref" in shape:
            shape = self.shapes[shape["$ref"].rpartition("/")[2]]
        if "allOf" in shape or "oneOf" in shape:
            return self._value(name, (shape.get("allOf") or shape["oneOf"])[0], places)
        if shape.get("enum"):
            return shape["enum"][0]
        if shape.get("type") == "array":
            return [self._value(name, shape["items"], places)]
        if shape.get("type") == "object":
            fields = shape.get("properties", {})
            return {
                one: self._value(one, inner, places)
                for one, inner in fields.items()
                if not inner.get("readOnly")
            }
        return _plain(name, shape, places)


def _plain(name: str, shape: Any, places: Mapping[str, str]) -> Any:
    if shape.get("format") == "uuid":
        return places[ID_FIELDS.get(name, name if name in places else "contact")]
    if shape.get("type") == "boolean":
        return True
    if shape.get("type") in {"integer", "number"}:
        return 1
    return PLAIN_FIELDS.get(name, "Crawled")


def _shape(path: str) -> str:
    # The schema calls the id of a row {id} where the route calls it <pk>.
    return re.sub(r"\{\w+\}", "{}", path)


def contents(cast: SimpleNamespace, members: Iterable[Member]) -> dict[str, str]:
    """A digest of every table of the workspace, as each of the members sees it."""
    found = {}
    for member in members:
        with tenancy.in_workspace(cast.id, member.id), connection.cursor() as cursor:
            for model in workspace_models():
                table = model._meta.db_table
                cursor.execute(
                    f"select md5(coalesce(string_agg(t::text, '' order by t.id), '')),"
                    f' count(*) from "{table}" t'
                )
                found[f"{table} of {member.id}"] = str(cursor.fetchone())
    return found


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    return (name for name in before if before[name] != after[name])


def body_for(
    bodies: ApiBodies, door: Door, method: str, places: Mapping[str, str], whom: str = "contact"
) -> Any:
    """What to send: nothing with GET, a form to a page, a body of its schema to the API."""
    if method == "GET":
        return {}
    if door.is_api:
        return bodies.of(door, method, places) if door.in_workspace else {}
    return form(places, whom)


def sweep(
    visitor: Visitor, places: Mapping[str, str], *words: str, acts: bool = True
) -> dict[str, list[str]]:
    """Ask every door for these places, in the address, in queries and in bodies.

    Returns by word the doors that showed it. With `acts` forms and bodies are sent too.
    """
    shown: dict[str, list[str]] = {word: [] for word in words}
    bodies = ApiBodies()
    for door in visitor.doors():
        if door.name == "account_logout":
            continue
        url = door.url(places)
        for method in methods(door) if acts else ("GET",):
            asked = [body_for(bodies, door, method, places)]
            if method == "GET":
                asked.append(query(places, words[0][:6]))
            for data in asked:
                answer = visitor.ask(method, url, data)
                assert answer.status_code < 500, show(method, url, answer)
                for word in words:
                    if carries(answer, word):
                        shown[word].append(f"{method} {door.name}")
    return shown
