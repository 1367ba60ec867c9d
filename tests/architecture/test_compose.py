"""docker-compose.yml and Dockerfile: what can be held without a container."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PROCESSES = {"web", "worker", "beat", "smtp", "imap"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text()))


def check_schema(path: Path) -> subprocess.CompletedProcess[str]:
    schema = ("--builtin-schema", "vendor.compose-spec")
    return subprocess.run(
        [sys.executable, "-m", "check_jsonschema", *schema, str(path)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_follows_the_compose_schema() -> None:
    checked = check_schema(ROOT / "docker-compose.yml")
    assert checked.returncode == 0, checked.stdout


def test_a_misspelled_key_breaks_the_schema(tmp_path: Path) -> None:
    wrong = tmp_path / "docker-compose.yml"
    wrong.write_text(
        (ROOT / "docker-compose.yml").read_text().replace("healthcheck:", "helthcheck:")
    )
    assert check_schema(wrong).returncode != 0


def test_every_process_of_the_product_is_there(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == PROCESSES | {"migrate", "postgres", "redis"}


def test_only_the_migration_signs_in_as_the_owner(compose: dict[str, Any]) -> None:
    for name in PROCESSES:
        environment = compose["services"][name]["environment"]
        assert "DATABASE_OWNER_URL" not in environment
        assert "://threadwell_app:" in environment["DATABASE_URL"]
    assert (
        "://threadwell_owner:"
        in compose["services"]["migrate"]["environment"]["DATABASE_OWNER_URL"]
    )


def test_processes_wait_for_the_migration(compose: dict[str, Any]) -> None:
    for name in PROCESSES:
        waits = compose["services"][name]["depends_on"]["migrate"]["condition"]
        assert waits == "service_completed_successfully"


def test_the_application_role_cannot_pass_by_row_level_security(compose: dict[str, Any]) -> None:
    (app,) = re.findall(r"create role threadwell_app .*", compose["configs"]["roles"]["content"])
    assert {"nosuperuser", "nobypassrls", "nocreaterole"} <= set(app.split())


def test_no_secret_has_a_default_value(compose: dict[str, Any]) -> None:
    written = (ROOT / "docker-compose.yml").read_text()
    for name in ("SECRET_KEY", "HASH_KEY", "CREDENTIAL_KEYS", "OWNER_PASSWORD", "APP_PASSWORD"):
        assert set(re.findall(rf"\$\{{{name}[^}}]*\}}", written)) == {f"${{{name}:?}}"}


def test_the_broker_refuses_rather_than_forgets(compose: dict[str, Any]) -> None:
    assert "noeviction" in compose["services"]["redis"]["command"]


def test_the_image_runs_as_an_ordinary_user_from_hash_checked_packages() -> None:
    written = (ROOT / "Dockerfile").read_text()
    assert re.search(r"^USER threadwell$", written, re.MULTILINE)
    assert "--require-hashes" in written
    assert "gmail.v1.json" in written


def settings_text() -> str:
    """Everything that reads the environment."""
    return "".join(path.read_text() for path in sorted((ROOT / "config").glob("*settings.py")))


def test_every_variable_of_the_compose_file_is_a_setting(compose: dict[str, Any]) -> None:
    for name in compose["services"]["web"]["environment"]:
        assert f'"{name}"' in settings_text(), f"{name} is set, and no setting reads it"


def test_every_setting_of_inbound_mail_can_be_set_and_is_explained(compose: dict[str, Any]) -> None:
    named = set(
        re.findall(r'env\.\w+\(\s*"(\w+)"', (ROOT / "config/inbound_settings.py").read_text())
    )
    assert {"INBOUND_RAW_SECRET", "INBOUND_RELAY_PEERS", "INBOUND_MOST_PER_SENDER"} <= named
    explained = "".join((ROOT / "docs" / one).read_text() for one in ("deploy.md", "inbound.md"))
    for name in named - NOT_FOR_OPERATORS:
        assert name in compose["services"]["web"]["environment"], name
        assert f"`{name}`" in explained, name


# Where Resend's own servers stand is no matter of an installation; tests set it.
NOT_FOR_OPERATORS = {"RESEND_API_ROOT"}


def test_a_variable_that_is_left_out_means_the_default() -> None:
    """An empty list opens no door, and the numbers are those of the settings."""
    written = (ROOT / "docker-compose.yml").read_text()
    code = (ROOT / "config/inbound_settings.py").read_text().replace("_", "")
    for name in ("ADDRESS", "SENDER", "WORKSPACE"):
        (number,) = re.findall(rf"INBOUND_MOST_PER_{name}:-(\d+)", written)
        assert f'"INBOUNDMOSTPER{name}", default={number}' in code
    (networks,) = re.findall(r"INBOUND_RELAY_PEERS:-([^}]+)", written)
    assert all(f'"{one}"' in code for one in networks.split(","))
