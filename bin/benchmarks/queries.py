"""Row `queries`: how often the database is asked, everything included."""

from collections.abc import Iterator
from datetime import UTC, datetime

from accounts import tenancy
from activities import parsing
from activities.matching.words import Source
from activities.services.incoming import IncomingCopy
from activities.services.log_messages import log_messages
from bcc_inbound.selectors import Route
from bcc_inbound.services.ensure_addresses import ensure_addresses
from bcc_inbound.services.process_deliveries import process_deliveries
from bcc_inbound.services.store_delivery import store_delivery
from benchmarks import corpus, meters
from benchmarks.report import Figure
from benchmarks.rows import Bench
from benchmarks.workspace import Place, make_workspace


def measure(bench: Bench) -> Iterator[Figure]:
    place = make_workspace()
    mails = list(corpus.mails(300))
    start = 0
    for size in (100, 200):
        copies = _copies(place, mails[start : start + size])
        start += size
        with meters.counted() as count, tenancy.in_workspace(place.id, place.member.id):
            log_messages(place.id, copies)
        yield Figure(
            "queries",
            f"statements a message, imported in a batch of {size}",
            count.statements / size,
            at_most=0.2,
            facts={"statements": count.statements, "round_trips": count.round_trips},
        )
    yield _one_delivery(place)
    parsing.close()


def _copies(place: Place, mails: list[corpus.Mail]) -> list[IncomingCopy]:
    parsed = parsing.parse_many([mail.raw for mail in mails])
    return [
        IncomingCopy(
            source=Source.SYNC,
            channel_id=place.mailbox.id,
            owner_id=place.member.id,
            provider_id=message.message_id,
            message=message,
            received_at=mail.received_at,
            body=body,
            raw=mail.raw,
        )
        for mail, (message, body) in zip(mails, parsed, strict=True)
    ]


def _one_delivery(place: Place) -> Figure:
    """From claim to done: a member writes to somebody new, with the project's address in Bcc."""
    address = next(one for one in ensure_addresses(place.id, place.member) if one.project_id)
    raw = (
        f"From: {corpus.member_address(0)}\r\nTo: somebody@new.example\r\nSubject: Hello\r\n"
        f"Date: {datetime(2026, 1, 5, tzinfo=UTC):%a, %d %b %Y %H:%M:%S +0000}\r\n"
        "Message-ID: <delivery@mail.example>\r\n\r\nHello.\r\n"
    ).encode()
    route = Route(workspace_id=place.id, address_id=address.id)
    sender = corpus.member_address(0)
    store_delivery(route, raw=raw, envelope_sender=sender, peer="127.0.0.1", trusted_peer=True)
    with meters.counted() as count:
        process_deliveries(place.id)
    return Figure(
        "queries",
        "statements of one delivery from claim to done",
        count.statements,
        at_most=12,
        facts={"round_trips": count.round_trips},
    )
