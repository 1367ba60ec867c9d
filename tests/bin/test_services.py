"""The PostgreSQL and the Valkey that the commands start for themselves."""

import os
import re
import signal
import socket
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest
import redis
import yaml

from launcher import children, postgres, roles, services
from launcher.children import LauncherError

ROOT = Path(__file__).resolve().parents[2]


def ask(url: str, question: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(question)
            return list(cursor.fetchall()) if cursor.description else []
    finally:
        connection.close()


def superuser(own: dict[str, str]) -> str:
    password = roles.kept_secret(Path(own["STATE"]), "postgres")
    return roles.with_user(own["DATABASE_OWNER_URL"], "postgres", password)


@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_OWNER_URL"])
def test_neither_role_passes_by_row_level_security(own_services: dict[str, str], name: str) -> None:
    powers = "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname=current_user"
    assert ask(own_services[name], powers) == [(False, False, False)]


def test_only_the_owner_makes_tables(own_services: dict[str, str]) -> None:
    ask(own_services["DATABASE_OWNER_URL"], "CREATE TABLE owned (n int)")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(own_services["DATABASE_URL"], "CREATE TABLE mine (n int)")


def test_text_is_compared_the_same_on_every_machine(own_services: dict[str, str]) -> None:
    assert ask(own_services["DATABASE_URL"], "SELECT lower('ÄÖ'), 'é' ~ '^\\w$'") == [("äö", True)]


def test_the_broker_refuses_rather_than_forgets(own_services: dict[str, str]) -> None:
    client = redis.Redis.from_url(own_services["REDIS_URL"])
    assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_strangers_on_the_machine_need_the_password(own_services: dict[str, str]) -> None:
    port = urlsplit(own_services["REDIS_URL"]).port
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=port).ping()
    database = roles.with_user(own_services["DATABASE_URL"], "postgres", "guessed")
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(database)


def test_secrets_are_for_the_owner_s_eyes(own_services: dict[str, str]) -> None:
    kept = list((Path(own_services["STATE"]) / "secrets").iterdir())
    assert len(kept) >= 5
    assert {path.stat().st_mode & 0o077 for path in kept} == {0}


@pytest.mark.usefixtures("nothing_given")
def test_the_data_survive_a_stop_and_nothing_keeps_running(tmp_path: Path) -> None:
    with services.running(tmp_path, durable=True) as first:
        ask(first["DATABASE_OWNER_URL"], "CREATE TABLE kept AS SELECT 7 AS n")
    for url in (first["DATABASE_URL"], first["REDIS_URL"]):
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", urlsplit(url).port)) != 0
    with services.running(tmp_path, durable=True) as second:
        assert ask(second["DATABASE_OWNER_URL"], "SELECT n FROM kept") == [(7,)]
        assert ask(second["DATABASE_URL"], "SHOW fsync") == [("on",)]
        assert second["SECRET_KEY"] == first["SECRET_KEY"]
        assert second["CREDENTIAL_KEYS"] == first["CREDENTIAL_KEYS"]


@pytest.mark.usefixtures("nothing_given")
def test_it_starts_again_after_a_kill_of_the_postmaster(tmp_path: Path) -> None:
    child, port = postgres.start(tmp_path, password="one", durable=True)
    url = roles.url("postgres", "one", port=port, database="postgres")
    ask(url, "CREATE TABLE kept AS SELECT 7 AS n")
    open_session = psycopg2.connect(url)  # Its process holds the shared memory for a while.
    os.kill(child.process.pid, signal.SIGKILL)
    child.process.wait()
    child, port = postgres.start(tmp_path, password="one", durable=True)
    try:
        url = roles.url("postgres", "one", port=port, database="postgres")
        assert ask(url, "SELECT n FROM kept") == [(7,)]
    finally:
        open_session.close()
        children.stop(child)


@pytest.mark.usefixtures("nothing_given")
def test_a_postmaster_whose_launcher_was_killed_is_replaced(tmp_path: Path) -> None:
    orphan, _ = postgres.start(tmp_path, password="one", durable=False)
    child, _ = postgres.start(tmp_path, password="one", durable=False)
    children.stop(child)
    assert orphan.process.wait(5) == 0


@pytest.mark.usefixtures("nothing_given")
def test_an_interrupted_first_start_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "postgres" / "base").mkdir(parents=True)
    (tmp_path / "postgres").chmod(0o700)
    child, _ = postgres.start(tmp_path, password="one", durable=False)
    children.stop(child)


@pytest.mark.usefixtures("nothing_given")
def test_where_namespaces_are_refused_root_becomes_an_id_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "NAMESPACE", ("false",))
    try:
        child, port = postgres.start(tmp_path, password="one", durable=False)
        url = roles.url("postgres", "one", port=port, database="postgres")
        assert ask(url, "SELECT 1") == [(1,)]
        children.stop(child)
    finally:
        services.forget(tmp_path)


def test_one_given_role_that_may_create_roles_is_enough(own_services: dict[str, str]) -> None:
    ask(superuser(own_services), "CREATE ROLE theirs LOGIN CREATEDB CREATEROLE PASSWORD 'p@ss/1'")
    ask(superuser(own_services), "DROP ROLE IF EXISTS threadwell_app")
    given = roles.with_user(own_services["DATABASE_OWNER_URL"], "theirs", "p@ss/1")
    for _ in range(2):  # A second command finds the role and locks nobody out.
        app, owner = roles.prepare_given_server(Path(own_services["STATE"]), given)
        assert owner == given
        assert ask(app, "SELECT current_user") == [("threadwell_app",)]


def test_one_given_role_without_that_right_hears_what_to_grant(
    own_services: dict[str, str],
) -> None:
    given = own_services["DATABASE_OWNER_URL"]
    with pytest.raises(LauncherError, match="ALTER ROLE threadwell_owner CREATEROLE"):
        roles.prepare_given_server(Path(own_services["STATE"]), given)


@pytest.mark.usefixtures("nothing_given")
def test_given_services_are_used_and_none_is_started(
    own_services: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {name: own_services[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL")}
    given["REDIS_URL"] = own_services["REDIS_URL"]
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with services.running(tmp_path, durable=True) as environment:
        assert {name: environment[name] for name in given} == given
        assert not (tmp_path / "pids").exists()


@pytest.mark.usefixtures("nothing_given")
def test_the_containers_make_the_same_roles(tmp_path: Path) -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    script = compose["configs"]["roles"]["content"].replace("$$", "$")
    child, port = postgres.start(tmp_path, password="one", durable=False)
    try:
        made = {"PGHOST": "127.0.0.1", "PGPORT": str(port), "PGPASSWORD": "one"}
        path = f"{postgres.find_binaries()}:{os.environ['PATH']}"
        secrets = {"OWNER_PASSWORD": "two", "APP_PASSWORD": "three", "PATH": path}
        subprocess.run(["bash", "-c", script], env=made | secrets, check=True)
        answer = ask(roles.url("threadwell_app", "three", port=port), "SELECT current_user")
        assert answer == [("threadwell_app",)]
        ask(roles.url("threadwell_owner", "two", port=port), "CREATE TABLE owned (n int)")
    finally:
        children.stop(child)


def test_processes_are_compiled_once_and_not_at_every_start(own_services: dict[str, str]) -> None:
    assert "PYTHONDONTWRITEBYTECODE" not in own_services


def test_every_command_says_in_its_first_lines_what_it_does() -> None:
    for command in sorted((ROOT / "bin").iterdir()):
        if command.is_file():
            first = command.read_text().splitlines()[1]
            assert re.match(r'("""|# )[A-Z].+[.;]$', first), command.name
