"""Loads the bytes of a large delivery piece by piece.

The driver receives bytes as text of twice their size and decodes that into a second copy; asked at
once, a mail of 24 MB would cost a worker six times as much.
"""

import uuid
from io import BytesIO

from django.db import connection

from accounts import tenancy

PIECE = 1024 * 1024


def load_raw(workspace_id: uuid.UUID, delivery_id: uuid.UUID, *, size: int) -> bytes:
    """The bytes of a delivery that is known to have `size` of them."""
    # The value of a BytesIO that is full is its own buffer, and no copy.
    buffer = BytesIO(bytes(size))
    with tenancy.in_workspace(workspace_id), connection.cursor() as cursor:
        for start in range(0, size, PIECE):
            cursor.execute(
                "select substring(raw from %s for %s) from bcc_inbound_delivery"
                " where workspace_id = %s and id = %s",
                [start + 1, PIECE, workspace_id, delivery_id],
            )
            row = cursor.fetchone()
            if row is None or row[0] is None:
                raise LookupError("The bytes of this delivery are gone.")
            buffer.write(row[0])
    return buffer.getvalue()
