"""Django's PostgreSQL, with a kept connection that is looked at before it is used again, not asked, and settings that
are sent once a transaction.

Django's own check is a statement of its own at the start of each request, and costs as much as one that works.
"""

import select
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.settled: dict[str, str] = {}  # settings for the rest of this transaction that the server knows
        self.pipeline: Any = None

    def settle(self, values: Mapping[str, str]) -> None:
        """Settings for the rest of the transaction; nothing is sent if they are so already."""
        if values.items() <= self.settled.items():
            return
        calls = ", ".join(["set_config(%s::text, %s::text, true)"] * len(values))
        with self._prepare_cursor(base.ServerBindingCursor(self.connection)) as cursor:
            cursor.execute(f"select {calls}", [word for pair in values.items() for word in pair])
        self.settled |= values

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self.settled.clear()
        return super().get_new_connection(conn_params)

    @contextmanager
    def sent_together(self) -> Iterator[None]:
        """Around a transaction: a statement waits for an answer only when somebody reads it; the COMMIT always does."""
        self.ensure_connection()
        with self.connection.pipeline() as self.pipeline:
            try:
                yield
            finally:
                self.pipeline = None

    def _commit(self) -> None:
        self.settled.clear()
        super()._commit()
        if self.pipeline:
            with self.wrap_database_errors:
                self.pipeline.sync()

    def _rollback(self) -> None:
        self.settled.clear()
        super()._rollback()

    def _savepoint_rollback(self, sid: str) -> None:
        self.settled.clear()
        super()._savepoint_rollback(sid)

    def is_usable(self) -> bool:
        """A server that went away or closed the connection has said so: only then there is something to read."""
        if self.connection is None or self.errors_occurred or speaks(self.connection.fileno()):
            return bool(super().is_usable())
        return True


def speaks(socket: int) -> bool:
    poll = select.poll()
    poll.register(socket, select.POLLIN)
    return bool(poll.poll(0))
