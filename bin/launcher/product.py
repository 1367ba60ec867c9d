"""Runs all of Threadwell on this machine: what bin/demo and bin/dev share."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from launcher import children, services, stopping
from launcher.children import Child, LauncherError

ROOT = Path(__file__).resolve().parents[2]
PYTHON = str(ROOT / ".venv" / "bin" / "python")
MANAGE = (PYTHON, str(ROOT / "manage.py"))
START_SECONDS = 90.0
SANDBOX_PORT = 8426
SANDBOX_READY = "The sandbox is ready."
# A mail arrives in one of the demo's mailboxes as often as this.
MAIL_SECONDS = "20"


@dataclass(frozen=True)
class Options:
    """What the command line asked for; a port of None is "the usual one, or any that is free"."""

    state: Path
    port: int | None = None
    smtp_port: int | None = None
    fresh: bool = False
    reload: bool = False


def run(options: Options) -> None:
    """Starts everything, tells how to use it, and stays until a signal comes or a part dies."""
    with stopping.on_signals():
        if options.fresh:
            forget(options.state)
        with services.running(options.state, durable=True) as environment:
            port = choose_port(options.port, 8000, "--port")
            smtp_port = choose_port(options.smtp_port, 2525, "--smtp-port")
            environment |= settings(options, port)
            started: list[Child] = []
            try:
                prepare_and_serve(options, environment, started, port, smtp_port)
            finally:
                say("Stopping ...")
                stop_together(started)


def prepare_and_serve(
    options: Options,
    environment: dict[str, str],
    started: list[Child],
    port: int,
    smtp_port: int,
) -> None:
    """What is started stands in `started`, whatever happens. The sandbox needs no database."""
    sandbox = start_sandbox(options, environment)
    started.append(sandbox)
    say("Preparing the database ...")
    manage(environment, "migrate", "--noinput", "--verbosity", "0")
    workspace = json.loads(manage(environment, "demo_workspace").splitlines()[-1])
    environment |= vendors_of(sandbox)
    serve(options, environment, started, workspace, port, smtp_port)


def forget(state: Path) -> None:
    """Empties the state folder; only one that we made, and only when nothing runs from it."""
    if not state.exists():
        return
    if any(state.iterdir()) and not (state / "lock").exists():
        raise LauncherError(f"{state} holds files that are not ours, so --fresh leaves it alone.")
    with children.hold(state):
        children.end_orphans(state)
        services.forget(state)
        shutil.rmtree(state)


def choose_port(asked: int | None, usual: int, option: str) -> int:
    port = children.free_port(asked or usual)
    if asked and port != asked:
        raise LauncherError(f"Port {asked} is taken: name another one with {option}.")
    return port


def settings(options: Options, port: int) -> dict[str, str]:
    given = os.environ
    return {
        "DEMO": "1",
        "DEBUG": "1" if options.reload else "0",
        "LOG_LEVEL": "INFO",
        "PYTHONUNBUFFERED": "1",
        "MAIL_ALLOW_PRIVATE_HOSTS": "1",
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": given.get("ALLOWED_HOSTS", "127.0.0.1,localhost"),
        "INBOUND_TRUSTED_PEERS": given.get("INBOUND_TRUSTED_PEERS", "127.0.0.1"),
        "EMAIL_URL": given.get("EMAIL_URL", f"filemail://{options.state}/outbox"),
    }


def manage(environment: dict[str, str], *arguments: str) -> str:
    """Runs one management command to its end; gives back what it printed."""
    done = subprocess.run(
        [*MANAGE, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    if done.returncode != 0:
        last = "\n".join((done.stdout + done.stderr).splitlines()[-15:])
        raise LauncherError(f"`manage.py {arguments[0]}` failed. Its last lines:\n{last}")
    return done.stdout


def serve(
    options: Options,
    environment: dict[str, str],
    started: list[Child],
    workspace: dict[str, Any],
    port: int,
    smtp_port: int,
) -> None:
    say("Starting web, worker, beat, SMTP and IMAP ...")
    for name, command in commands(options, port, smtp_port).items():
        started.append(children.start(name, command, state=options.state, environment=environment))
    wait_for_all(started, port, smtp_port)
    send_demo_mail(options, environment, smtp_port)
    connect_mailboxes(options, environment, workspace, port)
    print(introduction(workspace, port, smtp_port), flush=True)
    watch(started)


def start_sandbox(options: Options, environment: dict[str, str]) -> Child:
    """Starts the mail service that stands in for the vendors."""
    port = str(children.free_port(SANDBOX_PORT))
    journal = str(options.state / "sandbox.journal")
    command = (*MANAGE, "sandbox", "--port", port, "--state", journal, "--fiction", MAIL_SECONDS)
    return children.start("sandbox", command, state=options.state, environment=environment)


def vendors_of(sandbox: Child) -> dict[str, str]:
    """The settings by which the product finds the vendors, as the sandbox writes them."""
    deadline = time.monotonic() + START_SECONDS
    while SANDBOX_READY not in sandbox.text():
        refuse_dead([sandbox])
        if time.monotonic() > deadline:
            raise LauncherError(f"sandbox does not answer. Its log says:\n{sandbox.last_lines()}")
        time.sleep(0.05)
    told = sandbox.text().rpartition(SANDBOX_READY)[0].splitlines()
    return dict(line.split("=", 1) for line in told if line.partition("=")[0].isupper())


def connect_mailboxes(
    options: Options, environment: dict[str, str], workspace: dict[str, Any], port: int
) -> None:
    """One mailbox at each vendor, on the pages, once for each state folder."""
    done = options.state / "demo-mailboxes.connected"
    if done.exists():
        return
    manage(environment, *connecting(port, workspace["password"]))
    done.touch()


def connecting(port: int, password: str) -> tuple[str, ...]:
    """The command's words. One word holds the password, for it may begin with a hyphen."""
    return ("demo_connect", f"--site=http://127.0.0.1:{port}", f"--password={password}")


def commands(options: Options, port: int, smtp_port: int) -> dict[str, tuple[str, ...]]:
    """Each process by its name, in the order of starting."""
    celery = (PYTHON, "-m", "celery", "-A", "config")
    quick = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    schedule = str(options.state / "beat-schedule")
    gunicorn = ("--worker-class", "gthread", "--threads", "8", "--no-control-socket")
    web: tuple[str, ...] = (
        PYTHON,
        "-m",
        "gunicorn",
        "config.wsgi",
        *gunicorn,
        "--bind",
        f"127.0.0.1:{port}",
    )
    if options.reload:
        web = (*MANAGE, "runserver", f"127.0.0.1:{port}")
    return {
        "web": web,
        "worker": (*celery, "worker", *quick, "--concurrency", "2", "--loglevel", "INFO"),
        "beat": (*celery, "beat", "--schedule", schedule, "--pidfile="),
        "smtp": (*MANAGE, "listen_smtp", "--port", str(smtp_port)),
        "imap": (*MANAGE, "listen_imap"),
    }


def wait_for_all(started: list[Child], port: int, smtp_port: int) -> None:
    """Returns when each process answers at its own door, or has written that it is ready."""
    answers: dict[str, Callable[[Child], bool]] = {
        "web": lambda _: web_answers(port),
        "worker": lambda child: " ready" in child.text(),
        "beat": lambda child: "beat" in child.text(),
        "smtp": lambda _: smtp_answers(smtp_port),
        "imap": lambda child: "listening" in child.text(),
        "sandbox": lambda child: SANDBOX_READY in child.text(),
    }
    deadline = time.monotonic() + START_SECONDS
    waiting = list(started)
    while waiting:
        refuse_dead(started)
        waiting = [child for child in waiting if not answers[child.name](child)]
        if waiting and time.monotonic() > deadline:
            slow = waiting[0]
            raise LauncherError(f"{slow.name} does not answer. Its log says:\n{slow.last_lines()}")
        time.sleep(0.05)


def web_answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def smtp_answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            return connection.recv(4) == b"220 "
    except OSError:
        return False


def send_demo_mail(options: Options, environment: dict[str, str], smtp_port: int) -> None:
    """Once for each state folder: its own messages come back as the same ones, but cost time."""
    done = options.state / "demo-mail.sent"
    if done.exists():
        return
    say("Sending the demo's mail and importing its mailboxes ...")
    manage(environment, "demo_mail", "--smtp-port", str(smtp_port))
    done.touch()


def introduction(workspace: dict[str, Any], port: int, smtp_port: int) -> str:
    site = f"http://127.0.0.1:{port}"
    sender, address = workspace["sign_in"], workspace["inbound_address"]
    return f"""
Threadwell is at {site}

  Sign in     {sender}   password   {workspace["password"]}
  SMTP        127.0.0.1   port   {smtp_port}
  Inbound     {address}   (project {workspace["project"]})
  Outbox      {site}{workspace["outbox_path"]}   (mail that Threadwell sent)

Three things to try
  1. Send a mail from {sender} to somebody new, with the inbound address in Bcc, through that SMTP
     port: it waits under Unassigned within two seconds.
  2. Open Inbox: mail keeps arriving in Ana's Gmail, and in Ben's Microsoft mailbox when you sign
     in as ben@demo.example. The building icon adds a thread to a project.
  3. Open any mail and read under "Why?" which rule put it where it is.

Ctrl-C stops everything."""


def watch(started: list[Child]) -> None:
    while True:
        refuse_dead(started)
        time.sleep(0.5)


def refuse_dead(started: list[Child]) -> None:
    for child in started:
        if child.process.poll() is not None:
            raise LauncherError(
                f"{child.name} ended by itself (status {child.process.returncode}). "
                f"Its last lines:\n{child.last_lines()}"
            )


def stop_together(started: list[Child]) -> None:
    """Asks all at once, so that stopping takes as long as the slowest and not as their sum."""
    for child in started:
        if child.process.poll() is None:
            child.process.send_signal(signal.SIGTERM)
    for child in started:
        children.stop(child, resend=False)


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
