"""The promises of inbound mail, each as a statement that counts the rows which break it."""

from activities.services.verify_integrity import Check

CHECKS = (
    Check(
        "received",
        "Received is processed, held, blocked, discarded, needing attention, or about to be read.",
        """select count(*) - count(*) filter (where state in
            ('due', 'processed', 'held', 'attention', 'discarded', 'blocked'))
        from bcc_inbound_delivery where workspace_id = %(workspace)s""",
    ),
    Check(
        "deliveries",
        "Every processed delivery is one copy of the message that it became.",
        """select count(*) from bcc_inbound_delivery d join bcc_inbound_inboundaddress a
            on a.workspace_id = d.workspace_id and a.id = d.inbound_address_id
        where d.workspace_id = %(workspace)s and d.state = 'processed'
        and d.message_id is not null and not exists (select 1 from activities_sighting s
            where s.workspace_id = d.workspace_id and s.channel_id = a.channel_id
            and s.provider_id = d.id::text and s.message_id = d.message_id)""",
    ),
    Check(
        "waiting deliveries",
        "What is due, held or needs attention has its bytes, and is in nobody's record.",
        """select count(*) from bcc_inbound_delivery d where d.workspace_id = %(workspace)s
        and d.state in ('due', 'held', 'attention')
        and (d.raw is null or d.message_id is not null or exists (
            select 1 from activities_sighting s where s.workspace_id = d.workspace_id
            and s.provider_id = d.id::text))""",
    ),
    Check(
        "kept deliveries",
        "The bytes of a processed delivery are in the blob store, or still with it.",
        """select count(*) from bcc_inbound_delivery d where d.workspace_id = %(workspace)s
        and d.state = 'processed' and d.raw is null and d.message_id is not null
        and not exists (select 1 from activities_messagebody b
            where b.workspace_id = d.workspace_id and b.message_id = d.message_id
            and b.raw_sha256 <> '')""",
    ),
    Check(
        "blocked deliveries",
        "Nothing is left of what was blocked or discarded.",
        """select count(*) from bcc_inbound_delivery d where d.workspace_id = %(workspace)s
        and d.state in ('blocked', 'discarded')
        and (d.raw is not null or d.envelope_sender <> '' or d.header_from <> ''
            or d.peer <> '' or d.helo <> '' or d.reported <> '[]' or d.message_id is not null)""",
    ),
    Check(
        "delivery leases",
        "No delivery waits for a worker whose lease ended an hour ago.",
        """select count(*) from bcc_inbound_delivery d where d.workspace_id = %(workspace)s
        and d.state = 'due' and d.attempts > 0 and d.due_at < now() - interval '1 hour'""",
    ),
    Check(
        "inbound addresses",
        "An inbound address leads to its own project, or to all of them.",
        """select count(*) from bcc_inbound_inboundaddress a join activities_channel c
            on c.workspace_id = a.workspace_id and c.id = a.channel_id
        where a.workspace_id = %(workspace)s and (c.source <> 'bcc' or c.owner_id is not null
        or a.project_id is distinct from (select p.project_id from activities_channelproject p
            where p.workspace_id = a.workspace_id and p.channel_id = a.channel_id limit 1))""",
    ),
)
