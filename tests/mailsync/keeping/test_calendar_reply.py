"""Gmail tells only the header, so a calendar reply shows when its body is fetched (R11)."""

from types import SimpleNamespace

from accounts import tenancy
from activities.models import Message, MessageBody, PrivateMessage
from mailsync.sandbox.server import Sandbox
from mailsync.services.fetch_bodies import fetch_bodies
from tests.activities.test_withdraw_calendar_reply import reply
from tests.mailsync.conftest import activities_of, record_of
from tests.mailsync.keeping.desk import Desk, drain
from tests.mailsync.mail import when


def test_its_log_is_withdrawn_and_its_body_dropped_for_good(
    ours: SimpleNamespace, sandbox: Sandbox
) -> None:
    desk = Desk(sandbox, "gmail")
    desk.put(1)
    desk.put_raw(reply(), at=when(2))
    mailbox = desk.connect(ours, ours.ana)
    drain(mailbox)
    assert record_of(mailbox) == {"logged": ["Mail 1", "Accepted: Lunch"]}
    assert fetch_bodies(ours.id, channel_id=mailbox.channel_id) == 2
    for _ in range(2):
        assert record_of(mailbox) == {"logged": ["Mail 1"], "not_logged": ["Accepted: Lunch"]}
        assert activities_of(ours) == ["Mail 1"]
        with tenancy.in_workspace(ours.id, ours.ana.id):
            assert PrivateMessage.objects.get().rule == "R11"
            assert (Message.objects.count(), MessageBody.objects.count()) == (1, 1)
        # Reading on, also over a cursor that expired, brings it back to nobody.
        desk.lie("news", "expire")
        drain(mailbox)
