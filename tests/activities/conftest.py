"""The same real browser for the pages of activities."""

from tests.accounts.conftest import browser_type_launch_args

__all__ = ["browser_type_launch_args"]
