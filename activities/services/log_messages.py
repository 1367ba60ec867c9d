"""The one way into the record: every copy of every message passes here."""

import uuid
from collections.abc import Sequence

from activities.services.history import CopyKey, key_of, load_history
from activities.services.incoming import IncomingCopy, Result
from activities.services.judge import judge
from activities.services.record import MessageRaceLost, record
from activities.services.threads import find_threads

_MOST_TRIES = 5


def log_messages(workspace_id: uuid.UUID, copies: Sequence[IncomingCopy]) -> list[Result]:
    """Decide a batch of copies and write everything that follows, in the caller's transaction.

    The transaction must be the workspace's, opened for the owner of the copies
    (`tenancy.in_workspace(workspace_id, owner_id)`); all copies of a batch have the same owner.
    A constant number of queries, whatever the size of the batch. Repeating it changes nothing.
    Returns one result a copy, in order.
    """
    if not copies:
        return []
    owners = {copy.owner_id for copy in copies}
    if len(owners) > 1:
        raise ValueError("All copies of a batch have to belong to the same member.")
    for _ in range(_MOST_TRIES):
        try:
            return _log(workspace_id, copies)
        except MessageRaceLost:
            continue
    raise RuntimeError("Other copies of these messages kept arriving; the batch is tried again.")


def _log(workspace_id: uuid.UUID, copies: Sequence[IncomingCopy]) -> list[Result]:
    history = load_history(workspace_id, copies[0].owner_id, copies)
    results: dict[CopyKey, Result] = dict(history.seen)
    new: dict[CopyKey, IncomingCopy] = {
        key_of(copy): copy for copy in copies if key_of(copy) not in results
    }
    if new:
        batch = list(new.values())
        threads = find_threads(workspace_id, batch)
        judged, _ = judge(workspace_id, batch, threads=threads, history=history)
        for one, result in zip(judged, record(workspace_id, judged), strict=True):
            results[key_of(one.copy)] = result
    return [results[key_of(copy)] for copy in copies]
