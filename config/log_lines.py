"""How a log line reads: ids, sizes, timings and outcomes, and nothing that stood in a mail."""

import copy
import logging
import re
import traceback
from types import TracebackType

_ADDRESS = re.compile(r"[^\s@<>\"'(),:;/=\[\]]+(?:@|%40)[\w.-]+")
# PostgreSQL quotes the whole row that it refused after this word.
_DETAIL = re.compile(r"(?:DETAIL|CONTEXT|QUERY):.*", re.DOTALL)
_LONGEST = 300

_Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class PrivateFormatter(logging.Formatter):
    """Masks addresses, and keeps of an exception its place, its kind and its first line."""

    def format(self, record: logging.LogRecord) -> str:
        # Another handler may have written the whole traceback into the record that all share.
        own = copy.copy(record)
        own.exc_text = None
        return _ADDRESS.sub("[address]", super().format(own))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        return _DETAIL.sub("[detail]", super().formatMessage(record))

    def formatException(self, ei: _Raised) -> str:  # noqa: N802 - logging's name
        lines: list[str] = []
        error = ei[1]
        while error is not None:
            said = _DETAIL.sub("", str(error)).strip().partition("\n")[0][:_LONGEST]
            frames = "".join(traceback.format_tb(error.__traceback__))
            lines.insert(0, f"{frames}{type(error).__name__}: {said}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(lines)
