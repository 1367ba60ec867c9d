"""Asks the world whether mails come from whom they name, outside of every transaction."""

import time
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from activities.mail.header_block import read_header
from bcc_inbound.peers import is_relay, relay_name
from bcc_inbound.senders.names import Names
from bcc_inbound.senders.proof import NOTHING, TRUSTED, By, Evidence, Proof, prove
from bcc_inbound.senders.reported import Reported, read_results
from bcc_inbound.services.claim_deliveries import Claimed
from bcc_inbound.services.read_deliveries import ReadMail
from contacts.addresses import domain_of

ASKED_AT_ONCE = 8
ONE_MAIL = 15.0
ONE_BATCH = 90.0
"""Seconds, far below a lease: what is not answered by then waits for the next run."""


def prove_senders(mails: Sequence[ReadMail]) -> dict[uuid.UUID, Proof]:
    """What was found about the sender of each mail, by the id of its delivery.

    Nothing is asked where nothing hangs on it: of a trusted peer, of a mail that an admin
    released or that is held anyway, and where From names nobody.
    """
    found = {mail.claimed.id: _without_asking(mail) for mail in mails}
    asked = [mail for mail in mails if found[mail.claimed.id] is None]
    last = time.monotonic() + ONE_BATCH
    if asked:
        with ThreadPoolExecutor(ASKED_AT_ONCE, thread_name_prefix="sender-dns") as threads:
            proofs = threads.map(lambda mail: _prove(mail, last), asked)
            found |= {mail.claimed.id: one for mail, one in zip(asked, proofs, strict=True)}
    return {key: one or NOTHING for key, one in found.items()}


def _without_asking(mail: ReadMail) -> Proof | None:
    if mail.claimed.trusted_peer:
        return TRUSTED
    if mail.claimed.released or mail.unwelcome or not mail.sender:
        return NOTHING
    return None


def _prove(mail: ReadMail, last: float) -> Proof:
    deadline = min(time.monotonic() + ONE_MAIL, last)
    return prove(Names(deadline), _evidence(mail))


def _evidence(mail: ReadMail) -> Evidence:
    one = mail.claimed
    by, results = _results(mail)
    return Evidence(
        author=domain_of(mail.sender),
        raw=b"" if one.rebuilt else mail.raw or b"",
        received=one.received_at.timestamp(),
        peer=one.peer,
        helo=one.helo,
        envelope_sender=one.envelope_sender,
        results=results,
        by=by,
    )


def _results(mail: ReadMail) -> tuple[By, list[Reported] | None]:
    """What those say who took the mail for us; None where the mail came to us directly."""
    one = mail.claimed
    if one.source == "raw":
        return _of_a_forwarder(one)
    if one.source != "smtp":
        return By.PROVIDER, [_reported(*row) for row in one.reported]
    if not is_relay(one.peer):
        return By.OWN, None
    # Behind a relay the peer's address says nothing about the sender.
    header = read_header(one.head)
    return By.RELAY, read_results(header, authserv_id=relay_name()) or []


def _of_a_forwarder(one: Claimed) -> tuple[By, list[Reported] | None]:
    """What our relay put on top of a mail counts where the forwarder says that it came from there.

    Without that, or from a stranger's machine, whoever wrote the mail may have written it too.
    """
    if not one.peer:
        return By.OWN, []
    if not is_relay(one.peer):
        return By.OWN, None
    said = read_results(read_header(one.head), authserv_id=relay_name())
    return (By.OWN, None) if said is None else (By.RELAY, said)


def _reported(method: str, result: str, properties: dict[str, str]) -> Reported:
    return Reported(method, result, properties)
