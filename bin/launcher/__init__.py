"""Starts the real PostgreSQL and Valkey that bin/demo, bin/dev, bin/test and bin/bench run on.

services.py is the door; postgres.py, valkey.py, roles.py and children.py stand behind it. It runs
inside .venv, before Django: nothing here imports the product.
"""
