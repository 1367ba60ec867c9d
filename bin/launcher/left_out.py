"""A pytest plugin: skips, in plain sight, the tests whose browser or mail server is missing."""

import os

import pytest

FIXTURES = {"chromium": {"browser", "context", "page"}, "dovecot": {"dovecot"}}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for part in filter(None, os.environ.get("LEFT_OUT", "").split(",")):
        reason = f"{part.title()} is not installed on this machine."
        for item in items:
            if FIXTURES[part] & set(getattr(item, "fixturenames", ())):
                item.add_marker(pytest.mark.skip(reason=reason))
