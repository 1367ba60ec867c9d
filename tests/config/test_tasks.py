"""What holds for every task of the worker."""

from config.celery import app


def test_what_is_tried_again_by_itself_is_tried_again_within_seconds() -> None:
    """Celery waits three minutes where nothing else is said, which is long for somebody's mail."""
    app.loader.import_default_modules()
    ours = {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}
    retried = {name for name, task in ours.items() if getattr(task, "autoretry_for", ())}
    assert "mailsync.tasks.sync_mailbox" in retried
    assert {name for name in retried if not getattr(ours[name], "retry_backoff", False)} == set()
