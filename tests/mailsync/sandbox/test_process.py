"""The sandbox as a process of its own: it says where it is, keeps its state, ends when told."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
from django.conf import settings

MANAGE = Path(settings.BASE_DIR) / "manage.py"


def command(*options: str, demo: str) -> subprocess.Popen[str]:
    environment = os.environ | {"DEMO": demo, "PUBLIC_BASE_URL": "http://127.0.0.1:8000"}
    return subprocess.Popen(
        [sys.executable, str(MANAGE), "sandbox", "--port", "0", *options],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def running(*options: str) -> Iterator[dict[str, str]]:
    process = command(*options, demo="1")
    try:
        lines = [process.stdout.readline() for _ in range(13)]
        yield dict(line.strip().split("=", 1) for line in lines)
    finally:
        process.send_signal(signal.SIGTERM)
        out, errors = process.communicate(timeout=20)
    assert process.returncode == 0, out + errors


def test_it_says_which_settings_lead_to_it_and_ends_in_order(tmp_path: Path) -> None:
    keys = []
    for _ in range(2):
        with running("--state", str(tmp_path / "state")) as found:
            assert {"GMAIL_API_ROOT", "GOOGLE_CERTS_URL", "GRAPH_API_ROOT"} <= set(found)
            profile = found["GMAIL_API_ROOT"] + "/gmail/v1/users/me/profile"
            assert requests.get(profile, timeout=10).status_code == 401
            keys.append(set(requests.get(found["GOOGLE_CERTS_URL"], timeout=10).json()))
    assert keys[0] == keys[1]


def test_outside_of_the_demo_it_does_not_start() -> None:
    process = command(demo="")
    _, errors = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "in the demo and in tests only" in errors
