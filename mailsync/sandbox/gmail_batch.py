"""Gmail's batch: whole calls as parts of one multipart request.

https://developers.google.com/workspace/gmail/api/guides/batch : at most 100 calls, each answered by
itself and in any order; a header of the whole request counts for a part that has none of its own.
"""

import uuid
from collections.abc import Callable
from email.message import Message as ParsedMail
from email.parser import BytesParser
from email.policy import compat32

from mailsync.sandbox.google_errors import bad_request
from mailsync.sandbox.web import Request, Response

MOST_CALLS = 100


def answer_batch(request: Request, perform: Callable[[Request], Response]) -> Response:
    """Perform each part and answer them together."""
    if request.content_type != "multipart/mixed":
        raise bad_request("Failed to parse batch request, error: not multipart/mixed.")
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    mail = BytesParser(policy=compat32).parsebytes(head + request.body)
    payload = mail.get_payload()
    parts = [one for one in payload if isinstance(one, ParsedMail)]
    if not mail.is_multipart() or not parts:
        raise bad_request("Failed to parse batch request, error: no parts found.")
    if len(parts) > MOST_CALLS:
        raise bad_request(f"The batch request has more than {MOST_CALLS} calls.")
    boundary = f"batch_{uuid.uuid4().hex}"
    lines = []
    for part in parts:
        if part.get_content_type() != "application/http":
            raise bad_request("Failed to parse batch request, error: not application/http.")
        inner = _inner(str(part.get_payload()).encode(), request)
        response = perform(inner)
        lines += [f"--{boundary}", "Content-Type: application/http"]
        if part["Content-ID"]:
            lines.append(f"Content-ID: <response-{part['Content-ID'].strip('<>')}>")
        lines += ["", _text(response)]
    body = "\r\n".join([*lines, f"--{boundary}--", ""])
    return Response(200, body.encode(), {"Content-Type": f"multipart/mixed; boundary={boundary}"})


def _inner(raw: bytes, outer: Request) -> Request:
    line, _, rest = raw.partition(b"\n")
    words = line.decode().split()
    if len(words) < 2 or not words[1].startswith("/"):
        raise bad_request("Failed to parse batch request, error: a whole address in a part.")
    headers, _, body = rest.replace(b"\r\n", b"\n").partition(b"\n\n")
    mail = BytesParser(policy=compat32).parsebytes(headers + b"\n\n")
    kept = {name: value for name, value in outer.headers.items() if not name.startswith("content-")}
    own = {name.lower(): str(value) for name, value in mail.items()}
    return Request.read(words[0], words[1], kept | own, body)


def _text(response: Response) -> str:
    lines = [f"HTTP/1.1 {response.status} {'OK' if response.status < 300 else 'Error'}"]
    lines += [f"{name}: {value}" for name, value in response.headers.items()]
    lines += [f"Content-Length: {len(response.body)}", "", response.body.decode()]
    return "\r\n".join(lines)
