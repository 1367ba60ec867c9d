"""A pytest plugin: skips, in plain sight, the tests whose browser or mail server is missing.

It also gives each parallel process of the tests a Redis database of its own (the next after the
given one), so that a worker which one of them starts does not take another's wake-ups.
"""

import os

import pytest

FIXTURES = {"chromium": {"browser", "context", "page"}, "dovecot": {"dovecot"}}

# Before the settings are read, which is when pytest loads its plugins.
if place := os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw"):
    server, _, number = os.environ.get("REDIS_URL", "").rpartition("/")
    if server and number.isdigit():
        os.environ["REDIS_URL"] = f"{server}/{int(number) + int(place) + 1}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for part in filter(None, os.environ.get("LEFT_OUT", "").split(",")):
        reason = f"{part.title()} is not installed on this machine."
        for item in items:
            if FIXTURES[part] & set(getattr(item, "fixturenames", ())):
                item.add_marker(pytest.mark.skip(reason=reason))
