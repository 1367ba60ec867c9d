"""The promises about mailboxes, for `manage.py verify_integrity`."""

from activities.services.verify_integrity import Check

CHECKS = (
    Check(
        "leases",
        "No mailbox is held by a worker whose lease ended an hour ago.",
        """select count(*) from mailsync_mailbox where workspace_id = %(workspace)s
        and leased_until < now() - interval '1 hour'""",
    ),
    Check(
        "mailboxes",
        "Every mailbox has one owner and one way in.",
        """select count(*) from mailsync_mailbox b left join activities_channel c
            on c.workspace_id = b.workspace_id and c.id = b.channel_id
        where b.workspace_id = %(workspace)s and (c.owner_id is null or c.source <> 'sync')""",
    ),
)
