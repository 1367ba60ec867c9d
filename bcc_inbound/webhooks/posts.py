"""What a provider's request is, and what it may turn out to be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest

from activities.mail.message import MAX_RAW_BYTES

JSON_BYTES = 1024 * 1024
"""For a request that only says where a mail is."""

MAIL_BYTES = 2 * MAX_RAW_BYTES
"""For one that carries the mail: 25 MB grow by a third in base64, and more in JSON."""


class Forged(Exception):
    """The request does not prove that it comes from the provider."""


class Malformed(Exception):
    """The request is genuine, or cannot be told, but is not what the provider documents."""


class NotNow(Exception):
    """Something else that is needed does not answer; the provider is to send it again."""


class NothingToKeep(Exception):
    """A genuine request that carries no mail, such as a test or the confirmation of a topic."""


@dataclass(frozen=True, slots=True)
class Post:
    """One mail as a provider hands it over.

    `recipients` are those of the envelope, since a BCC address stands in no header. `event` is the
    provider's own name for this request, "" where it has none. `reported` are the results of its
    checks as (method, result, properties); what stands in headers is the sender's to write and
    never goes in here. `rebuilt` says that `raw` was put together from fields.
    """

    recipients: tuple[str, ...]
    envelope_sender: str
    raw: bytes
    event: str = ""
    reported: tuple[tuple[str, str, dict[str, str]], ...] = ()
    rebuilt: bool = False
    peer: str = ""
    helo: str = ""


@dataclass(frozen=True, slots=True)
class Hook:
    """A request whose body is read and bounded. `secret` is what stood in the path, if anything."""

    body: bytes
    headers: Mapping[str, str]
    content_type: str
    query: Mapping[str, str]
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Provider:
    """One row of the table of providers.

    `settings` are those without which the door does not exist. `verify` raises Forged or returns;
    `read` answers the mails, or raises one of the exceptions above. `refusal` is the status for a
    forged request: 401, after which all of them try again, so that a wrong setting loses no mail.
    """

    name: str
    settings: tuple[str, ...]
    verify: Callable[[Hook], None]
    read: Callable[[Hook], list[Post]]
    most_bytes: int = MAIL_BYTES
    refusal: int = 401


def hook(request: HttpRequest, body: bytes, secret: str) -> Hook:
    """The parts of a request that a provider's door may look at."""
    return Hook(
        body=body,
        headers=request.headers,
        content_type=request.META.get("CONTENT_TYPE", ""),
        query={name: ",".join(values) for name, values in request.GET.lists()},
        secret=secret,
    )
