"""Which rows of the scenario table are played at the level of the running product."""

import re
from pathlib import Path


def test_every_row_is_played_once() -> None:
    rows = {f"s{number}" for number in range(1, 41)} | {"s13b"}
    texts = [path.read_text() for path in Path(__file__).parent.glob("test_scenarios_*.py")]
    played = re.findall(r"^def test_(s\d+b?)_", "\n".join(texts), re.MULTILINE)
    assert sorted(played) == sorted(rows)
