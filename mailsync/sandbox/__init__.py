"""A mail service that speaks enough of Gmail and Microsoft Graph to connect the real providers to.

For tests, the demo, and a look at the product before a vendor has verified the operator's app. The
product has no code path for it: only the vendors' addresses, which are settings, point here.

`server.py` listens and routes, `mailboxes.py` holds the accounts and their mail, `faults.py` what
it was told to do wrong, `pushes.py` the hints that it sends, `tables.py` what survives a restart.
A vendor is a module with an `App`: it recognises its calls and refuses what the vendor refuses.
"""
