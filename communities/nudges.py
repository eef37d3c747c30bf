"""Waking the workers right after a commit. Only a convenience: what is due is found by the clock, too.

One nudge waits per task and queue at most. With the broker down nobody waits for it: after a failure this process lets the
clock do it for a while.
"""

import logging
from threading import Lock, Timer
from time import monotonic

from celery import Task

from communities import limits

log = logging.getLogger(__name__)
REST = 10.0  # seconds without trying after a failure
APART = 0.05  # seconds between two nudges of one process for the same
resting_until = 0.0
turn = Lock()
last: dict[tuple[str, str], float] = {}
coming: set[tuple[str, str]] = set()


def soon(task: Task, queue: str, *args: object) -> None:
    """Nudge at once, or a moment after the last time with all who ask meanwhile: in a rush each commit would."""
    what = task.name, queue
    with turn:
        pause = last.get(what, 0.0) + APART - monotonic()
        if what in coming:
            return
        if pause <= 0:
            last[what] = monotonic()
        else:
            coming.add(what)
    if pause <= 0:
        nudge(task, queue, *args)
    else:
        later = Timer(pause, belated, (what, task, queue, *args))
        later.daemon = True
        later.start()


def belated(what: tuple[str, str], task: Task, queue: str, *args: object) -> None:
    with turn:
        coming.discard(what)
        last[what] = monotonic()
    nudge(task, queue, *args)


def nudge(task: Task, queue: str, *args: object) -> bool:
    """Send the task unless it already waits in the queue; True if it was sent."""
    global resting_until
    if monotonic() < resting_until:
        return False
    try:
        if not limits.client().set(waiting(task.name, queue), 1, ex=15, nx=True):
            return False
        task.apply_async(args, queue=queue, retry=False, expires=60)
    except Exception:  # redis, kombu and sockets each raise their own
        resting_until = monotonic() + REST
        log.warning("The broker cannot be reached; the clock will do it", exc_info=True)
        return False
    return True


def begun(task: str, queue: str) -> None:
    """The waiting nudge has started: what is posted from now on needs another one."""
    limits.client().delete(waiting(task, queue))


def waiting(task: str, queue: str) -> str:
    return limits.name("nudge", f"{task}:{queue}")
