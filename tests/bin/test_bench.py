"""The table and the JSON lines of bin/bench, and the rows that it lists."""

import json
import subprocess
from pathlib import Path

from benchmarks import corpus, meters
from benchmarks.report import Figure, line, table
from benchmarks.rows import ROWS

ROOT = Path(__file__).resolve().parents[2]


def test_a_figure_is_one_line_of_json_with_its_goal_and_whether_it_is_met() -> None:
    figure = Figure("queries", "statements", 0.13, at_most=0.2, facts={"round_trips": 9})
    assert "\n" not in line(figure)
    assert json.loads(line(figure)) == {
        "row": "queries",
        "what": "statements",
        "value": 0.13,
        "goal": "<= 0.2",
        "met": True,
        "round_trips": 9,
    }


def test_a_figure_below_its_goal_is_told_as_short() -> None:
    figure = Figure("ingest", "share", 0.25, at_least=0.5, low=0.2, high=0.3)
    assert json.loads(line(figure))["met"] is False
    assert table([figure]).splitlines()[-1].split() == [
        "ingest", "share", "0.25", "0.2", "-", "0.3", ">=", "0.5", "SHORT",
    ]  # fmt: skip


def test_a_figure_without_a_goal_is_not_judged() -> None:
    assert "met" not in json.loads(line(Figure("ingest", "speed", 2503.4)))


def test_the_same_seed_gives_the_same_mail_and_another_seed_does_not() -> None:
    first, again = list(corpus.mails(5)), list(corpus.mails(5))
    assert first == again
    assert first != list(corpus.mails(5, seed=corpus.SEED + 1))


def test_a_semicolon_inside_a_value_separates_no_statements() -> None:
    sql = "insert into a values ('x; y''; z');\nupdate b set c = ';'"
    assert len(meters._STATEMENT_ENDS.findall(meters._plain(sql))) == 1


def test_the_list_names_every_row() -> None:
    listed = subprocess.run(
        [ROOT / "bin" / "bench", "--list"], capture_output=True, text=True, check=True
    )
    assert [row.split()[0] for row in listed.stdout.splitlines()] == list(ROWS)
