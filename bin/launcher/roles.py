"""The two database roles: one that owns and migrates, and `threadwell_app` that runs everything.

threadwell_app owns nothing, is no superuser and cannot pass by row-level security, which is what
keeps one workspace's rows from another's even when our own code is wrong.
"""

import hashlib
import hmac
import secrets
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql

from launcher.children import LauncherError

OWNER = "threadwell_owner"
APP = "threadwell_app"
DATABASE = "threadwell"


def kept_secret(state: Path, name: str) -> str:
    """A random secret that is made once for this state folder, readable by its owner only."""
    path = state / "secrets" / name
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()


def prepare_own_cluster(state: Path, *, port: int, superuser_password: str) -> tuple[str, str]:
    """Makes roles and database in a cluster of our own; gives back the app's and owner's URL."""
    owner_password, app_password = kept_secret(state, "owner"), kept_secret(state, "app")
    connection = psycopg2.connect(
        url("postgres", superuser_password, port=port, database="postgres")
    )
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            # CREATEDB is for the tests, which make databases of their own.
            set_role(cursor, OWNER, owner_password, "NOSUPERUSER CREATEDB NOBYPASSRLS")
            set_role(cursor, APP, app_password, "NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS")
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                create = sql.SQL("CREATE DATABASE {} OWNER {}")
                cursor.execute(create.format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))
    finally:
        connection.close()
    return url(APP, app_password, port=port), url(OWNER, owner_password, port=port)


def prepare_given_server(state: Path, owner_url: str) -> tuple[str, str]:
    """Makes threadwell_app with the one role that was given, or says what that role lacks."""
    connection = connect(owner_url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT rolname, rolsuper OR rolcreaterole FROM pg_roles"
                " WHERE rolname = current_user"
            )
            role, may_create_roles = cursor.fetchone()
            if not may_create_roles:
                raise LauncherError(
                    f"The role {role} may not create roles: grant it with `ALTER ROLE {role} "
                    f"CREATEROLE CREATEDB`, or create {APP} yourself and give its URL as "
                    "DATABASE_URL and the owner's as DATABASE_OWNER_URL."
                )
            app_url = with_user(owner_url, APP, app_password(state, owner_url))
            if not can_connect(app_url):
                password = unquote(urlsplit(app_url).password or "")
                set_role(cursor, APP, password, "NOSUPERUSER NOCREATEDB NOCREATEROLE")
    finally:
        connection.close()
    return app_url, owner_url


def set_role(cursor: "psycopg2.extensions.cursor", name: str, password: str, powers: str) -> None:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
    verb = sql.SQL("CREATE ROLE" if cursor.fetchone() is None else "ALTER ROLE")
    statement = sql.SQL("{} {} LOGIN {} PASSWORD {}")
    powers_sql, password_sql = sql.SQL(powers), sql.Literal(password)
    cursor.execute(statement.format(verb, sql.Identifier(name), powers_sql, password_sql))


def app_password(state: Path, owner_url: str) -> str:
    """The same for every command on this server, so that none locks another one out."""
    parts = urlsplit(owner_url)
    if not parts.password:
        return kept_secret(state, "app")
    return hmac.new(parts.password.encode(), APP.encode(), hashlib.sha256).hexdigest()


def connect(database_url: str) -> "psycopg2.extensions.connection":
    try:
        return psycopg2.connect(database_url, connect_timeout=10)
    except psycopg2.OperationalError as refused:
        where = urlsplit(database_url)
        raise LauncherError(
            f"The PostgreSQL at {where.hostname}:{where.port or 5432} refused us: {refused}"
        ) from refused


def can_connect(database_url: str) -> bool:
    try:
        psycopg2.connect(database_url, connect_timeout=10).close()
    except psycopg2.OperationalError:
        return False
    return True


def url(user: str, password: str, *, port: int, database: str = DATABASE) -> str:
    return f"postgresql://{user}:{quote(password, safe='')}@127.0.0.1:{port}/{database}"


def with_user(database_url: str, user: str, password: str) -> str:
    parts = urlsplit(database_url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{user}:{quote(password, safe='')}@{host}"))
