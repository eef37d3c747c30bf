"""Waking the workers right after a commit. Only a convenience: what is due is found by the clock, too.

One nudge waits per task and queue at most. With the broker down nobody waits for it: after a failure this process lets the
clock do it for a while.
"""

import logging
from time import monotonic

from celery import Task
from django.core.cache import cache

log = logging.getLogger(__name__)
REST = 10.0  # seconds without trying after a failure
resting_until = 0.0


def nudge(task: Task, queue: str, *args: object) -> bool:
    """Send the task unless it already waits in the queue; True if it was sent."""
    global resting_until
    if monotonic() < resting_until:
        return False
    try:
        if not cache.add(waiting(task.name, queue), 1, timeout=15):
            return False
        task.apply_async(args, queue=queue, retry=False, expires=60)
    except Exception:  # redis, kombu and sockets each raise their own
        resting_until = monotonic() + REST
        log.warning("The broker cannot be reached; the clock will do it", exc_info=True)
        return False
    return True


def begun(task: str, queue: str) -> None:
    """The waiting nudge has started: what is posted from now on needs another one."""
    cache.delete(waiting(task, queue))


def waiting(task: str, queue: str) -> str:
    return f"nudge:{task}:{queue}"
