"""Two installations that are pointed at each other, by SMTP to running listeners."""

from typing import Any

from bcc_inbound.models import Delivery
from tests.journeys.servers import Servers, eventually
from tests.journeys.stage import Scene

FROM = "notices@ours.example"
MAIL_ON_STDOUT = r"(?m)^Subject: "
"""What the worker, which has no mail server, writes into its log for a mail that it sends."""


def test_two_that_invite_each_others_inbound_address_exchange_one_mail_each(
    scene: Scene, rival_scene: Scene, servers: Servers, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", servers.smtp_port
    settings.DEFAULT_FROM_EMAIL = f"Threadwell <{FROM}>"
    here, there = scene, rival_scene
    for one, other in ((here, there), (there, here)):
        page = one.ana.open("settings/people/")
        page.press("people/invitations/", email=other.inbound("One"), role="member")
    for one in (here, there):
        eventually(lambda one=one: one.count(Delivery) == 1, hoping="the other's invitation")
        assert one.held() == [FROM]
        assert "It may go in a circle." in one.ana.open_held(FROM).html
        one.is_quiet()
    assert (here.count(Delivery), there.count(Delivery)) == (1, 1)
    for program in servers.programs:
        assert not program.says(MAIL_ON_STDOUT)
