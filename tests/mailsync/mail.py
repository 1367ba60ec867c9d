"""Mails for the tests: as bytes, with what a test does not name filled in."""

from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def make_mail(number: int = 1, **fields: str) -> bytes:
    """A small mail from Jane to Ana; `fields` replaces headers (in_reply_to for In-Reply-To)."""
    headers = {
        "From": "Jane Doe <jane@client.example>",
        "To": "Ana <ana@ours.example>",
        "Subject": f"Mail {number}",
        "Date": when(number).strftime("%a, %d %b %Y %H:%M:%S +0000"),
        "Message-ID": f"<mail-{number}@client.example>",
    }
    body = fields.pop("body", f"Body of mail {number}.\n")
    names = {name: name.replace("_", "-").title().replace("-Id", "-ID") for name in fields}
    headers |= {names[name]: value for name, value in fields.items()}
    head = "".join(f"{name}: {value}\n" for name, value in headers.items() if value)
    return (head + "\n" + body).replace("\n", "\r\n").encode()


def when(number: int) -> datetime:
    """The time of mail `number`: an hour after the one before it."""
    return START + timedelta(hours=number)
