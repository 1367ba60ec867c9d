"""People at work on the same mail: who was first, what is taken back, and what comes by itself."""

from tests.journeys.people import write
from tests.journeys.servers import Program, eventually
from tests.journeys.stage import Scene


def test_the_second_of_two_people_is_told_who_was_first_and_overwrites_nothing(
    scene: Scene,
) -> None:
    scene.company("Acme", "acme.example", "One")
    scene.company("Northbeam", "northbeam.example", "One")
    mail = scene.ana.sends_bcc("z@nobody.example")
    hers, his = scene.ana.sees_unassigned(mail), scene.ben.sees_unassigned(mail)
    scene.ana.chooses(hers, to="Acme")
    answer = scene.ben.chooses(his, to="Northbeam", expect=409)
    assert "Ana" in answer.said
    scene.logs(mail, "Acme in One")
    assert scene.timeline("Northbeam") == []


def test_undo_puts_a_mail_back_and_keeps_what_was_done_by_hand_since(scene: Scene) -> None:
    scene.two_projects()
    scene.company("Acme", "acme.example", "One")
    mail, other = scene.ana.sends_bcc("z@nobody.example"), scene.ana.sends_bcc("y@nobody.example")
    scene.ana.assigns(mail, to="Acme")
    scene.ben.assigns_also(mail, to="Omar", project="Two")
    scene.ana.assigns(other, to="Acme")
    # The newest change is about the other mail, which nobody has touched since.
    scene.ana.undoes("1 activity assigned to Acme")
    scene.ana.sees_unassigned(other)
    scene.ana.undoes("1 activity assigned to Acme")
    scene.logs(mail, "Omar in Two")


def test_a_dismissed_mail_leaves_unassigned_until_that_is_undone(scene: Scene) -> None:
    mail = scene.ana.sends_bcc("z@nobody.example")
    answer = scene.ana.dismisses(mail)
    assert "dismissed" in answer.said
    assert scene.ana.sees_nothing_of(mail)
    scene.ana.bccs(mail)
    scene.is_quiet()
    assert scene.ana.sees_nothing_of(mail)
    scene.ana.undoes("1 activity dismissed")
    scene.ana.sees_unassigned(mail)


def test_a_mail_put_into_a_mailbox_shows_up_without_anybody_asking(
    office: Scene, idle: Program
) -> None:
    office.contact("Jane", "jane@client.example", "One")
    office.ana.connects("One")
    eventually(lambda: idle.says("listening at mailbox"), hoping="IDLE at Ana's mailbox")
    mail = write("jane@client.example", "ana@ours.example")
    office.ana.mailbox.put(mail)
    office.logs(mail, "Jane in One")
