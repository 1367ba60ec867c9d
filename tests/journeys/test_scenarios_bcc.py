"""The rows of the scenario table that need no mailbox: mail that is addressed to us."""

import pytest

from activities.models import Activity, Sighting
from bcc_inbound.models import Delivery
from tests.journeys.people import write
from tests.journeys.stage import Scene

FORWARDED = """Please file this.

---------- Forwarded message ---------
From: Jane Doe <jane@acme.example>
Date: Mon, 2 Mar 2026 at 10:12
Subject: The second floor
To: Ana <ana@ours.example>

Could we have the second floor too?
"""


@pytest.mark.every_door
def test_s13b_ignored_mail_that_a_member_bccs_is_kept_with_a_banner(scene: Scene) -> None:
    scene.contact("Jane", "jane@client.example", "One")
    scene.ana.keeps_out("news.example", "ignore")
    mail = scene.ana.sends_bcc("x@news.example", cc="jane@client.example")
    page = scene.ana.sees_unassigned(mail)
    assert "Mail with news.example is kept out of the record" in page.texts(".banner")[0]
    assert scene.timeline("Jane") == []


@pytest.mark.every_door
def test_s19_a_forward_to_a_colleague_that_is_bccd_is_unassigned(scene: Scene) -> None:
    scene.contact("Jane", "jane@client.example", "One")
    logged = scene.ana.sends_bcc("jane@client.example")
    scene.logs(logged, "Jane in One")
    mail = scene.ana.sends_bcc("ben@ours.example", text="See what she wrote.")
    scene.ana.sees_unassigned(mail)
    assert scene.timeline("Jane") == [logged.subject]


@pytest.mark.every_door
def test_s20_a_bcc_of_a_mail_to_nobody_known_is_unassigned(scene: Scene) -> None:
    mail = scene.ana.sends_bcc("z@nobody.example")
    assert "z@nobody.example" in scene.ana.sees_unassigned(mail).html
    assert scene.contacts() == []


@pytest.mark.every_door
def test_s21_a_bcc_of_a_mail_to_a_contact_is_logged_on_the_profile(scene: Scene) -> None:
    scene.contact("Jane", "jane@client.example", "One")
    mail = scene.ana.sends_bcc("jane@client.example")
    page = scene.logs(mail, "Jane in One")
    assert scene.types_on(page) == ["One mail"]
    assert scene.sources_on(page) == ["Sent in by Ana"]


@pytest.mark.every_door
def test_s22_a_forwarded_conversation_suggests_the_writer_and_the_company(scene: Scene) -> None:
    scene.company("Acme", "acme.example", "One")
    scene.contact("Jane", "jane@acme.example", "One")
    mail = scene.ana.sends_bcc("inbox@ours.example", text=FORWARDED, subject="Fwd: second floor")
    page = scene.ana.sees_unassigned(mail)
    assert page.texts("#choices label b")[:2] == ["Jane", "Acme"]
    page.press("activities/assignment/")
    scene.logs(mail, "Jane in One")


@pytest.mark.every_door
def test_s23_what_a_member_assigns_leaves_unassigned_for_the_companys_timeline(
    scene: Scene,
) -> None:
    scene.company("Acme", "acme.example", "One")
    mail = scene.ana.sends_bcc("z@nobody.example")
    scene.ana.assigns(mail, to="Acme")
    scene.logs(mail, "Acme in One")
    assert scene.timeline("Acme") == [mail.subject]
    assert "Nothing is waiting" in scene.ana.open("activities/unassigned/").html


def test_s24_without_a_mailbox_a_mail_is_nothing_until_it_is_bccd(scene: Scene) -> None:
    scene.contact("Jane", "jane@client.example", "One")
    mail = write("Ana <ana@ours.example>", "jane@client.example")
    assert scene.ana.sees_nothing_of(mail)
    scene.ana.bccs(mail)
    scene.logs(mail, "Jane in One")


@pytest.mark.every_door
def test_s29_a_strangers_mail_and_a_forged_one_are_held_for_an_admin(scene: Scene) -> None:
    scene.contact("Jane", "jane@client.example", "One")
    stranger = write("stranger@else.example", "jane@client.example")
    forged = write("Ana <ana@ours.example>", "jane@client.example")
    scene.hand_over(stranger, "One", sender="stranger@else.example")
    scene.hand_over(forged, "One", sender="ana@ours.example", proven=False)
    assert scene.held() == ["ana@ours.example", "stranger@else.example"]
    assert scene.ana.sees_nothing_of(stranger)
    assert scene.ana.sees_nothing_of(forged)
    scene.ben.open("held/", expect=404)
    scene.ana.open_held("ana@ours.example").press("/release/")
    scene.logs(forged, "Jane in One")
    assert scene.held() == ["stranger@else.example"]


@pytest.mark.every_door
def test_s40_a_customers_reply_to_all_is_accepted_and_attributed_to_nobody(scene: Scene) -> None:
    scene.contact("Jane", "jane@client.example", "One")
    mail = scene.ana.sends_bcc("jane@client.example", cc=scene.inbound("One"))
    scene.logs(mail, "Jane in One")
    reply = write("jane@client.example", "ana@ours.example", cc=scene.inbound("One"), answers=mail)
    scene.hand_over(reply, "One", sender="jane@client.example")
    page = scene.logs(reply, "Jane in One")
    assert scene.sources_on(page) == ["Answered to the inbound address"]


def test_s30_mail_in_one_workspace_is_nothing_in_another_with_the_same_customers(
    scene: Scene, rival_scene: Scene
) -> None:
    for one in (scene, rival_scene):
        one.company("Acme", "acme.example", "One")
        one.contact("Jane", "jane@client.example", "One")
    known = scene.ana.sends_bcc("jane@client.example")
    new = scene.ana.sends_bcc("Nora <new@acme.example>")
    waiting = scene.ana.sends_bcc("z@nobody.example")
    scene.logs(known, "Jane in One")
    scene.logs(new, "Nora in One")
    scene.ana.sees_unassigned(waiting)
    for mail in (known, new, waiting):
        assert rival_scene.ana.sees_nothing_of(mail)
    assert rival_scene.contacts() == ["Jane"]
    assert rival_scene.timeline("Jane") == rival_scene.api("activities/") == []
    for table in (Activity, Sighting, Delivery):
        assert (scene.count(table), rival_scene.count(table)) == (3, 0)
