"""A member's own mail as a place to work: their folders, thread by thread, and one open thread."""
