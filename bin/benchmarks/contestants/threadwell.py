"""The product's whole way: parse in the child process, decide, write, with the policies on.

python -m benchmarks.contestants.threadwell FILE BATCH KIND    KIND: import, bcc or headers

`import` is what import_mail does with files: every mail is parsed whole, and what is logged keeps
its text, files and bytes. `headers` is a page of sync: bodies come later. `bcc` keeps every mail.
"""

import json
import os
import sys
import uuid
from collections.abc import Callable, Sequence

import django
import psycopg2

django.setup()

from django.db import connection  # noqa: E402

from accounts import tenancy  # noqa: E402 - models load after the settings.
from activities import parsing  # noqa: E402
from activities.mail.mime import parse_headers  # noqa: E402
from activities.matching.words import Source  # noqa: E402
from activities.services.incoming import IncomingCopy, Result  # noqa: E402
from activities.services.log_messages import log_messages  # noqa: E402
from benchmarks import meters  # noqa: E402
from benchmarks.contestants.corpus_file import Stored, batches, read  # noqa: E402
from benchmarks.workspace import Place, make_workspace  # noqa: E402


def main(path: str, batch_size: int, kind: str) -> None:
    place = make_workspace()
    mails = read(path)
    prepare = _PREPARE[kind]
    outcomes: dict[str, int] = {}
    take(place, prepare(place, mails[:batch_size]))  # Connections, caches and code are warm.
    parsing.close()
    analyse()
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        (backend,) = cursor.fetchone()
    with meters.cpu(backend) as spent:
        for batch in batches(mails[batch_size:], batch_size):
            for result in take(place, prepare(place, batch)):
                outcomes[result.outcome] = outcomes.get(result.outcome, 0) + 1
        parsing.close()
    print(json.dumps({"messages": len(mails) - batch_size, "outcomes": outcomes, **spent}))


def analyse() -> None:
    """Tell the planner what the tables hold, as autovacuum would have in a database in use."""
    owner = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    with owner, owner.cursor() as cursor:
        cursor.execute("analyze")
    owner.close()


def take(place: Place, copies: Sequence[IncomingCopy]) -> list[Result]:
    with tenancy.in_workspace(place.id, copies[0].owner_id):
        return log_messages(place.id, copies)


def with_bodies(place: Place, mails: Sequence[Stored]) -> list[IncomingCopy]:
    parsed = parsing.parse_many([mail.raw for mail in mails])
    return [
        IncomingCopy(
            source=Source.SYNC,
            channel_id=place.mailbox.id,
            owner_id=place.member.id,
            provider_id=mail.sha256,
            message=message,
            received_at=mail.received_at,
            scopes=("INBOX",),
            flags=("seen",),
            body=body,
            raw=mail.raw,
        )
        for mail, (message, body) in zip(mails, parsed, strict=True)
    ]


def headers_alone(place: Place, mails: Sequence[Stored]) -> list[IncomingCopy]:
    return [
        IncomingCopy(
            source=Source.SYNC,
            channel_id=place.mailbox.id,
            owner_id=place.member.id,
            provider_id=mail.sha256,
            message=parse_headers(mail.raw),
            received_at=mail.received_at,
            scopes=("INBOX",),
            flags=("seen",),
        )
        for mail in mails
    ]


def by_bcc(place: Place, mails: Sequence[Stored]) -> list[IncomingCopy]:
    parsed = parsing.parse_many([mail.raw for mail in mails])
    return [
        IncomingCopy(
            source=Source.BCC,
            channel_id=place.inbound.id,
            owner_id=place.member.id,
            provider_id=str(uuid.uuid4()),
            message=message,
            received_at=mail.received_at,
            body=body,
            raw=mail.raw,
            fetch_later=False,
        )
        for mail, (message, body) in zip(mails, parsed, strict=True)
    ]


_PREPARE: dict[str, Callable[[Place, Sequence[Stored]], list[IncomingCopy]]] = {
    "import": with_bodies,
    "headers": headers_alone,
    "bcc": by_bcc,
}

if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
