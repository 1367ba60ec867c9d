"""What a log line keeps of what was logged, and of what went wrong."""

import logging
import sys

import pytest
from django.db import DatabaseError

from config.log_lines import PrivateFormatter


def line(message: str, *args: object, error: BaseException | None = None) -> str:
    raised = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("test", logging.INFO, __file__, 1, message, args, raised)
    return PrivateFormatter("%(name)s %(message)s").format(record)


@pytest.mark.parametrize(
    "text",
    [
        "jane.doe+tag@client.example",
        "<jane@client.example>",
        "/contacts/1/addresses/jane@client.example/",
        "/contacts/?address=jane%40client.example",
        "(address)=(jane@client.example)",
    ],
)
def test_an_address_is_masked_wherever_it_stands(text: str) -> None:
    said = line("Not Found: %s", text)
    assert "jane" not in said
    assert "client.example" not in said
    assert "[address]" in said


def test_what_is_no_address_stays() -> None:
    said = "deliveries processed workspace=01a2 claimed=3 put_off=0 (12 ms)"
    assert line(said) == f"test {said}"


def test_the_row_that_the_database_refused_is_not_told() -> None:
    refused = 'null value in column "x"\nDETAIL:  Failing row contains (1, Our secret,\n\nplan).\n'
    try:
        try:
            raise DatabaseError(refused)
        except DatabaseError as error:
            raise RuntimeError(f"page rolled back: {error}") from error
    except RuntimeError as error:
        told = line("Task failed: %r", error, error=error)
    assert "Our secret" not in told
    assert "plan" not in told
    assert 'DatabaseError: null value in column "x"' in told
    assert "test_the_row_that_the_database_refused_is_not_told" in told


def test_a_traceback_that_another_handler_has_written_already_is_not_taken_over() -> None:
    refused = "refused\nDETAIL: Our secret"
    try:
        raise DatabaseError(refused)
    except DatabaseError:
        record = logging.LogRecord("test", logging.INFO, __file__, 1, "failed", (), sys.exc_info())
    logging.Formatter().format(record)
    assert "Our secret" in (record.exc_text or "")
    assert "Our secret" not in PrivateFormatter("%(message)s").format(record)
