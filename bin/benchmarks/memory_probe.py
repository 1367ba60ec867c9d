"""One worker that processes one large delivery: python -m benchmarks.memory_probe MEGABYTES

The mail is stored by another process, as the listener does; a small one before it starts the
parsing child and loads the code, which is what a worker holds when it is idle.
"""

import base64
import json
import os
import subprocess
import sys
import uuid

import django

django.setup()

from accounts import tenancy  # noqa: E402 - models load after the settings.
from activities import parsing  # noqa: E402
from bcc_inbound.models import Delivery  # noqa: E402
from bcc_inbound.selectors import Route  # noqa: E402
from bcc_inbound.services.ensure_addresses import ensure_addresses  # noqa: E402
from bcc_inbound.services.process_deliveries import process_deliveries  # noqa: E402
from bcc_inbound.services.store_delivery import store_delivery  # noqa: E402
from benchmarks import corpus, meters  # noqa: E402
from benchmarks.workspace import make_workspace  # noqa: E402


def main(megabytes: int) -> None:
    place = make_workspace()
    address = next(one for one in ensure_addresses(place.id, place.member) if one.project_id)
    route = [str(place.id), str(address.id)]
    for number in range(3):
        _store_elsewhere([*route, "0", str(number)])
        process_deliveries(place.id)
    processes = ["self", str(_child())]
    _store_elsewhere([*route, str(megabytes), "9"])
    idle = sum(meters.resident_bytes(pid) for pid in processes)
    for pid in processes:
        meters.forget_peak(pid)
    process_deliveries(place.id)
    peak = sum(meters.peak_bytes(pid) for pid in processes)
    after = sum(meters.resident_bytes(pid) for pid in processes)
    with tenancy.in_workspace(place.id):
        state = Delivery.objects.filter(workspace_id=place.id).latest("received_at").state
    parsing.close()
    print(json.dumps({"idle": idle, "peak": peak - idle, "after": after - idle, "state": state}))


def store(workspace: str, address: str, megabytes: int, number: int) -> None:
    route = Route(workspace_id=uuid.UUID(workspace), address_id=uuid.UUID(address))
    sender = corpus.member_address(0)
    raw = _mail(megabytes, number)
    store_delivery(route, raw=raw, envelope_sender=sender, peer="127.0.0.1", trusted_peer=True)


def _mail(megabytes: int, number: int) -> bytes:
    """A mail of this size: a text and one file."""
    head = (
        f"From: {corpus.member_address(0)}\r\nTo: somebody@new.example\r\n"
        f"Subject: Number {number}\r\nMessage-ID: <{uuid.uuid4()}@mail.example>\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="=_b"\r\n\r\n'
        "--=_b\r\nContent-Type: text/plain\r\n\r\nHello.\r\n"
        "--=_b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n"
        'Content-Disposition: attachment; filename="plan.pdf"\r\n\r\n'
    ).encode()
    wanted = max(megabytes * 1024 * 1024, 10_000) - len(head) - 20
    lines = base64.encodebytes(os.urandom(wanted * 57 // 78)).replace(b"\n", b"\r\n")
    return head + lines + b"\r\n--=_b--\r\n"


def _store_elsewhere(arguments: list[str]) -> None:
    command = [sys.executable, "-m", "benchmarks.memory_probe", "store", *arguments]
    subprocess.run(command, check=True)


def _child() -> int:
    """The parsing child of this process; there is one, since a mail was parsed."""
    child = parsing._client.child
    if child is None:
        raise AssertionError("No child was started.")
    return child.process.pid


if __name__ == "__main__":
    if sys.argv[1] == "store":
        store(sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
    else:
        main(int(sys.argv[1]))
