"""Where the mail services knock when a mailbox has news."""
