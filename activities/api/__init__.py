"""The API of the record, under /api/v1/w/<slug>/: the pages' own selectors and services."""
