"""What is asked of the tasks again and again, and after how many seconds."""

from typing import Any

SCHEDULE: dict[str, dict[str, Any]] = {
    "sweep-mailboxes": {"task": "mailsync.tasks.sweep", "schedule": 30.0},
    "sweep-subscriptions": {"task": "mailsync.tasks.sweep_subscriptions", "schedule": 30.0},
    # Often, because a mail goes out ten seconds after its writer pressed Send.
    "sweep-outbox": {"task": "mailsync.tasks.sweep_outbox", "schedule": 2.0},
    "sweep-deliveries": {"task": "bcc_inbound.tasks.sweep", "schedule": 30.0},
    "sweep-changes": {"task": "activities.tasks.sweep", "schedule": 30.0},
    "tidy-receipts": {"task": "bcc_inbound.tasks.tidy", "schedule": 86_400.0},
    "part-from-mailboxes": {"task": "mailsync.tasks.part", "schedule": 60.0},
    "read-aliases": {"task": "mailsync.tasks.read_aliases", "schedule": 600.0},
    "tell-owners": {"task": "mailsync.tasks.tell_owners", "schedule": 60.0},
    "collect-blobs": {"task": "activities.tasks.collect_blobs", "schedule": 86_400.0},
}
