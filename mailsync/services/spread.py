"""Spreads pauses, so that mailboxes do not come back in step."""

import random
from datetime import timedelta


def spread(pause: timedelta) -> timedelta:
    """The pause, up to a fifth longer and never shorter."""
    return pause * (1 + random.random() * 0.2)  # noqa: S311 - no secret
