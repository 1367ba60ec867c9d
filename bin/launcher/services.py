"""One door to the services: gives the environment in which Threadwell's processes run.

DATABASE_URL, DATABASE_OWNER_URL and REDIS_URL are used when they are given; what is missing is
started on free ports of 127.0.0.1 and stopped again when the `with` block ends.
"""

import base64
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher import children, postgres, roles, valkey
from launcher.children import Child


@contextmanager
def running(state: Path, *, durable: bool) -> Iterator[dict[str, str]]:
    """Yields the environment for child processes, with the services up behind it.

    durable=False trades safety on a crash of the machine for speed: for tests only.
    """
    state = state.resolve()
    started: list[Child] = []
    with children.hold(state):
        children.end_orphans(state)
        try:
            environment = base_environment(state)
            environment |= database(state, environment, started, durable=durable)
            environment |= broker(state, environment, started)
            yield environment
        finally:
            for child in reversed(started):
                children.stop(child, patience=20)


def forget(state: Path) -> None:
    """Removes what PostgreSQL keeps outside of the state folder, where it has to."""
    shutil.rmtree(postgres.home_of_nobody(state.resolve()), ignore_errors=True)


def base_environment(state: Path) -> dict[str, str]:
    """The caller's environment with our secrets; what was given already is kept."""
    environment = dict(os.environ)
    # With it set, every process would compile all of Django and Celery again at every start.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment.setdefault("SECRET_KEY", roles.kept_secret(state, "django"))
    environment.setdefault("CREDENTIAL_KEYS", credential_keys(state))
    environment.setdefault("BLOB_ROOT", str(state / "blobs"))
    return environment


def credential_keys(state: Path) -> str:
    """One key with its id, as CREDENTIAL_KEYS wants it: `k1:` and 32 bytes in base64."""
    key = roles.kept_secret(state, "credentials").encode()[:32]
    return f"k1:{base64.b64encode(key).decode()}"


def database(
    state: Path, environment: dict[str, str], started: list[Child], *, durable: bool
) -> dict[str, str]:
    app_url, owner_url = environment.get("DATABASE_URL"), environment.get("DATABASE_OWNER_URL")
    if not (app_url and owner_url):
        if given := owner_url or app_url:
            app_url, owner_url = roles.prepare_given_server(state, given)
        else:
            password = roles.kept_secret(state, "postgres")
            child, port = postgres.start(state, password=password, durable=durable)
            started.append(child)
            app_url, owner_url = roles.prepare_own_cluster(
                state, port=port, superuser_password=password
            )
    return {"DATABASE_URL": app_url, "DATABASE_OWNER_URL": owner_url}


def broker(state: Path, environment: dict[str, str], started: list[Child]) -> dict[str, str]:
    if given := environment.get("REDIS_URL"):
        return {"REDIS_URL": given}
    password = roles.kept_secret(state, "valkey")
    child, port = valkey.start(state, password=password, environment=environment)
    started.append(child)
    return {"REDIS_URL": f"redis://:{password}@127.0.0.1:{port}/0"}
