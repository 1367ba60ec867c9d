"""The table and the JSON lines of bin/bench, and the rows that it lists."""

import json
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

from benchmarks import corpus, meters, open_loop
from benchmarks.open_loop import Post
from benchmarks.report import Figure, line, table
from benchmarks.rows import ROWS
from launcher import children

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


def test_requests_are_sent_at_their_times_and_one_that_had_to_wait_has_waited() -> None:
    with slow_server(0.2) as port:
        began = time.monotonic()
        outcome = open_loop.send([Post("/", b"x")] * 4, port=port, rate=50, connections=1)
        took = time.monotonic() - began
    assert outcome.statuses == {200: 4}
    assert took > 0.75
    # The last was due after 60 ms and was answered after 800 ms.
    assert max(outcome.seconds) > 0.7
    assert outcome.share(1) == max(outcome.seconds)
    assert outcome.share(0.25) == min(outcome.seconds)


def test_a_server_that_is_not_there_is_no_answer() -> None:
    outcome = open_loop.send([Post("/", b"x")], port=children.free_port(), rate=0, connections=2)
    assert outcome.statuses == {0: 1}


@contextmanager
def slow_server(seconds: float) -> Iterator[int]:
    """Answers one request after the other, each after so long."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            time.sleep(seconds)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def test_the_rows_about_vendors_work_at_a_tiny_size(nothing_given: None) -> None:
    rows = ("backfill", "pushes", "visible")
    done = subprocess.run(
        [ROOT / "bin" / "bench", *rows, "--small", "--pairs", "1"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    lines = [one for one in done.stdout.splitlines() if one.startswith("{")]
    found = [json.loads(one) for one in lines]
    counts = {one["what"]: one for one in found if not _depends_on_speed(one)}
    assert {one["row"] for one in found} == set(rows)
    assert all(one.get("met", True) for one in counts.values()), counts


def _depends_on_speed(figure: dict[str, Any]) -> bool:
    """A machine that stands still for a second makes two bursts of one."""
    return figure["row"] == "visible" or "CPU" in figure["what"] or "syncs" in figure["what"]


def test_the_list_names_every_row() -> None:
    listed = subprocess.run(
        [ROOT / "bin" / "bench", "--list"], capture_output=True, text=True, check=True
    )
    assert [row.split()[0] for row in listed.stdout.splitlines()] == list(ROWS)
