"""Where a mailbox's provider may push to, if it can reach us at all."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from mailsync.models import Mailbox

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
# The names of the doors, and the setting that says where the service itself stands.
_DOORS = {
    Mailbox.Provider.GMAIL: ("gmail_push", "", "GMAIL_API_ROOT"),
    Mailbox.Provider.GRAPH: ("graph_push", "graph_lifecycle", "GRAPH_API_ROOT"),
}


@dataclass(frozen=True, slots=True)
class PushAddresses:
    """What to hand to the provider: the address for news, and the one for the subscription."""

    news: str
    lifecycle: str = ""


def push_addresses(mailbox: Mailbox) -> PushAddresses | None:
    """The addresses for this mailbox's provider, or None where it could not reach them.

    Services push to https alone. A stand-in on this machine may push to this machine.
    """
    doors = _DOORS.get(Mailbox.Provider(mailbox.provider))
    if doors is None or not _reaches_us(getattr(settings, doors[2])):
        return None
    news, lifecycle = (settings.PUBLIC_BASE_URL + reverse(d) if d else "" for d in doors[:2])
    return PushAddresses(news, lifecycle)


def _reaches_us(service: str) -> bool:
    ours = urlsplit(settings.PUBLIC_BASE_URL)
    if ours.scheme == "https" and ours.hostname not in _LOOPBACK:
        return True
    return ours.hostname in _LOOPBACK and urlsplit(service).hostname in _LOOPBACK
