"""The rule table in the documentation is the one that the engine runs."""

from pathlib import Path

from activities.matching.engine import RULES
from activities.matching.words import Source

DOCUMENT = Path(__file__).parents[3] / "docs" / "rules.md"


def table() -> str:
    """One row a rule, with its place in the order of each source."""
    places = {
        source: {rule.name: str(place) for place, rule in enumerate(rules, start=1)}
        for source, rules in RULES.items()
    }
    rules = {rule.name: rule for source in Source for rule in RULES[source]}
    in_order = [*RULES[Source.SYNC]]
    in_order[2:2] = [rule for rule in rules.values() if rule not in in_order]
    lines = [
        "| rule | name | what it says | sync | bcc | sent | manual |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for rule in in_order:
        name = rule.name.replace("_", " ")
        cells = [places[source].get(rule.name, "") for source in Source]
        lines.append(" | ".join((f"| {rule.id}", name, rule.sentence, *cells)).rstrip() + " |")
    return "\n".join(lines)


def test_the_documented_table_equals_the_tuples_in_the_engine() -> None:
    assert table() in DOCUMENT.read_text(encoding="utf-8")
