"""What answers at an address where nothing stands."""

import pytest
from django.test import Client


@pytest.mark.parametrize("path", ["/api/nothing", "/api/v1/nothing/", "/api/v1/w/ours/nothing/"])
@pytest.mark.django_db
def test_a_program_is_told_in_json_that_nothing_stands_there(path: str) -> None:
    answer = Client().get(path, headers={"accept": "text/html"})
    assert answer.status_code == 404
    assert answer.json() == {"detail": "Nothing stands at this address."}


@pytest.mark.django_db
def test_a_person_is_told_by_a_page() -> None:
    answer = Client().get("/nothing/")
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/html")
