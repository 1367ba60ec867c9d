"""The mails under tests/mail, by the name of their oddity."""

from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "mail"
NAMES = sorted(path.stem for path in FOLDER.glob("*.eml"))


def sample(name: str) -> bytes:
    """The bytes of one mail."""
    return (FOLDER / f"{name}.eml").read_bytes()
