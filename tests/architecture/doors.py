"""Every door of the web application, as the resolver knows it: a new URL is on the list at once."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from django.urls.resolvers import RegexPattern


@dataclass(frozen=True)
class Door:
    """One URL pattern. `route` is its text, `arguments` the names of what has to be filled in."""

    name: str
    route: str
    arguments: tuple[str, ...]
    view: Callable[..., Any]

    @property
    def is_api(self) -> bool:
        return self.route.startswith("api/")

    @property
    def is_machine(self) -> bool:
        """Whether machines come in here, which prove themselves in the request."""
        return self.route.startswith("hooks/")

    @property
    def in_workspace(self) -> bool:
        return "slug" in self.arguments

    @property
    def names_a_row(self) -> bool:
        """Whether the address holds the id of a row, beside the workspace."""
        return any(key_of(self, one) not in NO_ROWS for one in self.arguments)

    def url(self, places: Mapping[str, str]) -> str:
        """The address of this door, filled from `places`; says so where it cannot be filled."""
        filled = {}
        for argument in self.arguments:
            key = key_of(self, argument)
            if key not in places:
                raise AssertionError(
                    f"Nobody knows what to put for <{argument}> of {self.name} ({self.route})."
                    f" Let tests/architecture/inhabit.py make a row for it and name it {key!r}."
                )
            filled[argument] = places[key]
        address = reverse(self.name, kwargs=filled)
        assert resolve(address).func is self.view, f"{self.name} stands in another URL's shadow."
        return address


# What stands in an address without being the id of a row.
NO_ROWS = {"slug", "position", "token", "mailed key", "uidb36", "provider", "secret"}

# Where the name of an argument alone doesn't say which row is meant.
MEANT = {
    "accounts:address_removal.address_id": "extra address",
    "accounts:address_release.address_id": "former address",
    "contacts:address_release.address_id": "former address",
    "contacts:address_release_removal.address_id": "released address",
    "contacts:internal_domain*.domain_id": "internal domain",
    "contacts:public_domain*.domain_id": "public domain",
    "bcc_inbound:rotation.pk": "inbound address",
    "bcc_inbound:card.pk": "inbound address",
    "bcc_inbound:held*.pk": "held",
    "bcc_inbound:release.pk": "held",
    "bcc_inbound:trust.pk": "held",
    "bcc_inbound:trusted_removal.pk": "trusted sender",
    "bcc_inbound:*.pk": "attention",
    "*.private_id": "private message",
    "account_*.key": "mailed key",
}


def key_of(door: Door, argument: str) -> str:
    """The name of the row that an argument means."""
    for pattern, key in MEANT.items():
        if fnmatch(f"{door.name}.{argument}", pattern):
            return key
    if door.is_api and argument == "pk":
        noun = door.name.partition(":")[2].partition("-")[0]
        return noun.replace("_", " ")
    return argument.removesuffix("_id").replace("_", " ")


def doors() -> list[Door]:
    """All of them, in the order of config.urls."""
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: list[Any], route: str, namespace: str) -> Iterator[Door]:
    for one in patterns:
        here = route + str(one.pattern)
        if isinstance(one, URLResolver):
            inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from _walk(one.url_patterns, here, inner)
        else:
            yield _door(one, here, namespace)


def _door(one: URLPattern, route: str, namespace: str) -> Door:
    assert one.name, f"{route} has no name, so no test can ask for it. Name it."
    if isinstance(one.pattern, RegexPattern):
        arguments = tuple(one.pattern.regex.groupindex)
    else:
        arguments = tuple(
            part.partition(">")[0].rpartition(":")[2] for part in route.split("<")[1:]
        )
    return Door(namespace + one.name, route, arguments, one.callback)
