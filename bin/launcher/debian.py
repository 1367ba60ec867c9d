"""The two programs that tests need and PyPI does not have: Chromium and Dovecot."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SYSTEM_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"

# Playwright's driver, which steers the browser, wants libatomic; a bare Debian has none.
PACKAGES = {"chromium": ["chromium", "libatomic1"], "dovecot": ["dovecot-imapd"]}


def provide() -> dict[str, str]:
    """Installs what is missing where it may; gives back what tests learn from the environment.

    CHROMIUM is the browser's path. LEFT_OUT names the parts that are missing all the same; the
    tests that need one are skipped, and pytest's last line counts them.
    """
    wanted = {"chromium": browser, "dovecot": dovecot}
    missing = [name for name, find in wanted.items() if not find()]
    if missing:
        install([package for part in missing for package in PACKAGES[part]])
    missing = [name for name, find in wanted.items() if not find()]
    for name in missing:
        print(
            f"{name.title()} is not installed and could not be installed here: the tests that need "
            "it are skipped, and the last line counts them.",
            file=sys.stderr,
        )
    return {"CHROMIUM": browser(), "LEFT_OUT": ",".join(missing)}


def browser() -> str:
    given = os.environ.get("CHROMIUM", "")
    if given and Path(given).exists():
        return given
    return next(filter(None, map(shutil.which, BROWSERS)), "")


def dovecot() -> str:
    return shutil.which("dovecot", path=SYSTEM_PATH) or ""


def install(packages: list[str]) -> None:
    """Asks apt-get, where there is one and we are root; says why when it fails."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print(f"Installing {' and '.join(packages)} ...", file=sys.stderr, flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-qq", "-y", "--no-install-recommends", *packages],
    ):
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            print("\n".join(done.stderr.splitlines()[-5:]), file=sys.stderr)
            return
