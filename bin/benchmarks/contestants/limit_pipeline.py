"""About as fast as Python can take in mail: an upper bound, and no product.

python -m benchmarks.contestants.limit_pipeline FILE BATCH

Rust reads the MIME (fast-mail-parser), nh3 cleans the HTML, addresses are parsed and matched in
memory, and a batch is written by COPY into staging tables and INSERT ... SELECT ON CONFLICT. No
threads, no files, no raw bytes, no policies, no decision that could be explained.
"""

import io
import json
import os
import sys
from collections.abc import Sequence
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any

import fast_mail_parser
import nh3
import psycopg2

from benchmarks import corpus, meters
from benchmarks.contestants.corpus_file import Stored, batches, read

_SCHEMA = """
drop table if exists limit_message, limit_participant, limit_activity;
create table limit_message (key text primary key, subject text, sent_at timestamptz,
    received_at timestamptz, body text, html text, snippet text);
create table limit_participant (key text references limit_message, position int, role text,
    address text, name text, primary key (key, position));
create index on limit_participant (address);
create table limit_activity (key text references limit_message, contact int, project int,
    occurred_at timestamptz, primary key (key, contact));
create index on limit_activity (contact, occurred_at desc);
create temp table new_message (like limit_message);
create temp table new_participant (like limit_participant);
create temp table new_activity (like limit_activity);
"""
_TABLES = ("message", "participant", "activity")


def main(path: str, batch_size: int) -> None:
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    cursor = connection.cursor()
    cursor.execute(_SCHEMA)
    connection.commit()
    contacts = {corpus.contact_address(one): one for one in range(corpus.CONTACTS)}
    companies = {corpus.company_domain(one): one for one in range(corpus.COMPANIES)}
    mails = read(path)
    take(connection, mails[:batch_size], contacts, companies)
    cursor.execute("analyze")
    connection.commit()
    with meters.cpu(connection.info.backend_pid) as spent:
        for batch in batches(mails[batch_size:], batch_size):
            take(connection, batch, contacts, companies)
    print(json.dumps({"messages": len(mails) - batch_size, **spent}))


def take(
    connection: Any, mails: Sequence[Stored], contacts: dict[str, int], companies: dict[str, int]
) -> None:
    rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in _TABLES}
    for mail in mails:
        _read(mail, contacts, companies, rows)
    with connection.cursor() as cursor:
        for table in _TABLES:
            cursor.copy_expert(f"copy new_{table} from stdin", io.StringIO(_lines(rows[table])))
        cursor.execute(
            ";".join(
                f"insert into limit_{table} select * from new_{table} on conflict do nothing;"
                f"truncate new_{table}"
                for table in _TABLES
            )
        )
    connection.commit()


def _read(
    mail: Stored,
    contacts: dict[str, int],
    companies: dict[str, int],
    rows: dict[str, list[tuple[Any, ...]]],
) -> None:
    parsed = fast_mail_parser.parse_email(mail.raw)
    headers = {name.lower(): values[0] for name, values in parsed.headers.items()}
    key = headers.get("message-id", mail.sha256)
    text = "\n".join(parsed.text_plain)
    html = "".join(nh3.clean(one) for one in parsed.text_html)
    moment = parsedate_to_datetime(headers["date"])
    rows["message"].append((key, parsed.subject, moment, mail.received_at, text, html, text[:200]))
    position = 0
    matched: set[int] = set()
    for role in ("from", "sender", "to", "cc"):
        for name, written in getaddresses([headers[role]]) if role in headers else ():
            address = written.lower()
            rows["participant"].append((key, position, role, address, name))
            position += 1
            found = contacts.get(address)
            if found is None:
                found = companies.get(address.rpartition("@")[2])
            if found is not None and found not in matched:
                matched.add(found)
                rows["activity"].append((key, found, found % 3, moment))


def _lines(rows: list[tuple[Any, ...]]) -> str:
    return "".join("\t".join(map(_field, row)) + "\n" for row in rows)


def _field(value: Any) -> str:
    text = str(value)
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    return text.replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r").replace("\0", "")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
