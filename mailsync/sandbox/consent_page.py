"""The page of a vendor's sign-in: which account, and what to allow."""

from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import urlencode

from mailsync.sandbox.web import Response

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sign in - sandbox for {vendor}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root {{ color-scheme: light dark; --page: #f3f4f6; --card: #fff; --line: #d1d5db;
  --text: #1f2937; --soft: #4b5563; }}
@media (prefers-color-scheme: dark) {{ :root {{ --page: #111827; --card: #1f2937; --line: #374151;
  --text: #f3f4f6; --soft: #9ca3af; }} }}
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 0; padding: 0 1rem; background: var(--page);
  color: var(--text); }}
main {{ max-width: 26rem; margin: 10vh auto; padding: 2rem; background: var(--card);
  border: 1px solid var(--line); border-radius: 12px; }}
h1 {{ font-size: 1.25rem; margin: 0 0 .5rem; }}
p {{ margin: 0 0 1.25rem; color: var(--soft); }}
fieldset {{ border: 0; margin: 0 0 1.25rem; padding: 0; }}
legend {{ font-weight: 600; margin-bottom: .5rem; }}
label {{ display: block; padding: .25rem 0; overflow-wrap: anywhere; }}
button {{ font: inherit; padding: .5rem 1rem; border-radius: 8px; border: 1px solid var(--line);
  background: var(--card); color: inherit; cursor: pointer; }}
button[value=allow] {{ background: #1d4ed8; border-color: #1d4ed8; color: #fff; }}
</style></head><body><main>
<h1>Sign in to the sandbox</h1>
<p>This stands in for {vendor}. Nobody's real account is asked for.</p>
<form method="post" action="?{query}">
<fieldset><legend>Account</legend>{accounts}</fieldset>
<fieldset><legend>Threadwell may</legend>{scopes}</fieldset>
<button name="answer" value="allow">Allow</button>
<button name="answer" value="deny">Cancel</button>
</form></main></body></html>
"""


def consent_page(
    vendor: str, accounts: Sequence[str], scopes: Sequence[str], asked: Mapping[str, str]
) -> Response:
    """The first account and every scope are chosen already; the form comes back with `asked`."""
    page = _PAGE.format(
        vendor=escape(vendor),
        query=escape(urlencode(asked)),
        accounts="".join(
            f'<label><input type="radio" name="account" value="{escape(one)}"'
            f"{' checked' if index == 0 else ''}> {escape(one)}</label>"
            for index, one in enumerate(accounts)
        ),
        scopes="".join(
            f'<label><input type="checkbox" name="scopes" value="{escape(one)}" checked>'
            f" {escape(one.rpartition('/auth/')[2] or one)}</label>"
            for one in scopes
        ),
    )
    return Response(200, page.encode(), {"Content-Type": "text/html; charset=utf-8"})
