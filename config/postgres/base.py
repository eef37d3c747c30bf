"""Django's PostgreSQL, with a kept connection that is looked at before it is used again, not asked.

Django's own check is a statement of its own at the start of each request, and costs as much as one that works.
"""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """A server that went away or closed the connection has said so: only then there is something to read."""
        if self.connection is None or self.errors_occurred or speaks(self.connection.fileno()):
            return bool(super().is_usable())
        return True


def speaks(socket: int) -> bool:
    poll = select.poll()
    poll.register(socket, select.POLLIN)
    return bool(poll.poll(0))
