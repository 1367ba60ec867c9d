"""The API of the directory, under /api/v1/w/<slug>/."""
