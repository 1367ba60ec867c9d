"""The house keeps its own rules: its map, its sizes, its arrows, and what a page may not hold."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class

ROOT = Path(settings.BASE_DIR)
APPS = ("accounts", "contacts", "activities", "mailsync", "bcc_inbound")
MOST_LINES = 300


def sources(*suffixes: str) -> Iterator[Path]:
    """Files of the product itself: no tests, no migrations, nothing that was brought along."""
    for top in (*APPS, "config", "templates"):
        for path in (ROOT / top).rglob("*"):
            if path.suffix in suffixes and not {"migrations", "__pycache__"} & set(path.parts):
                yield path


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_map_in_the_readme_is_the_tree() -> None:
    block = (ROOT / "README.md").read_text().partition("## The tree\n\n```\n")[2]
    lines = block.partition("```")[0].splitlines()
    folders = {line.split()[0] for line in lines if line.split()[0].endswith("/")}
    files = {one for line in lines if not line.split()[0].endswith("/") for one in line.split()}
    ignored = {line.strip("/") for line in (ROOT / ".gitignore").read_text().splitlines()}
    here = {path for path in ROOT.iterdir() if not path.name.startswith(".")}
    here = {path for path in here if path.name not in ignored}
    assert {f"{path.name}/" for path in here if path.is_dir()} == folders
    unnamed = {path.name for path in here if path.is_file()} - {"README.md"}
    assert {one for one in unnamed if not any(fnmatch(one, named) for named in files)} == set()
    assert {named for named in files if not any(fnmatch(one, named) for one in unnamed)} == set()


def test_no_file_is_longer_than_a_person_likes_to_read() -> None:
    long = {
        name(path): lines
        for path in sources(".py", ".html")
        if (lines := len(path.read_text().splitlines())) > MOST_LINES
    }
    assert long == {}


@pytest.mark.parametrize(
    "command", sorted(one for one, app in get_commands().items() if app in APPS)
)
def test_every_command_says_what_it_does(command: str) -> None:
    said = load_command_class(get_commands()[command], command).help
    assert len(said) > 20
    assert said.endswith(".")


def test_the_arrows_between_packages_hold() -> None:
    checked = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


# A mail is shown in a sealed frame of its own, whose policy is its own too.
FRAMES = {"templates/activities/frame.html", "templates/mailsync/no_body.html"}
NOT_IN_A_PAGE = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a handler attribute": re.compile(r"<[^>]*\son[a-z]+\s*=\s*[\"'{]", re.IGNORECASE),
    "a script without a nonce": re.compile(r"<script(?![^>]*\{% nonce %\})", re.IGNORECASE),
    "a style sheet of its own": re.compile(r"<style(?![^>]*\{% nonce %\})", re.IGNORECASE),
    "a script in an address": re.compile(r"javascript:", re.IGNORECASE),
}


@pytest.mark.parametrize("what", NOT_IN_A_PAGE)
def test_no_page_holds_what_its_policy_would_refuse(what: str) -> None:
    found = {
        name(path) for path in sources(".html") if NOT_IN_A_PAGE[what].search(path.read_text())
    }
    assert found - FRAMES == set()


UNCLEAR = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "manager",
    "processor",
    "signals",
}


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert {name(path) for path in sources(".py") if path.stem in UNCLEAR} == set()


def test_no_model_does_anything_when_it_is_saved() -> None:
    """What logging a message does can be read from top to bottom: no save(), no signals."""
    found = []
    for path in sources(".py"):
        for node in ast.walk(ast.parse(path.read_text())):
            saves = isinstance(node, ast.FunctionDef) and node.name == "save"
            if saves and "models" in name(path):
                found.append(f"{name(path)}:{node.lineno}")
            if isinstance(node, ast.ImportFrom) and node.module in {
                "django.dispatch",
                "django.db.models.signals",
            }:
                found.append(f"{name(path)}:{node.lineno}")
    assert found == []


def test_nothing_swallows_an_exception_without_a_word() -> None:
    silent = [
        f"{name(path)}:{node.lineno}"
        for path in sources(".py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or getattr(node.type, "id", "") in {"Exception", "BaseException"})
        and all(isinstance(one, ast.Pass) for one in node.body)
    ]
    assert silent == []
