"""R10: the interaction type of an assignment."""

from tests.activities.matching.story import ANA, JANE, NEW, Story


def test_each_assignment_carries_the_type_of_its_own_project() -> None:
    story = Story("one", "two")
    story.contact(JANE, "one", chosen=True)
    story.contact(NEW, "two", chosen=True)
    types = {one.project_id: one.interaction_type for one in story.sync(ANA, JANE, NEW).recorded}
    assert types == {"one": "mail in one", "two": "mail in two"}
