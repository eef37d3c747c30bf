"""What a start says about itself: a line for every slow step, one line for every failure."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class StartError(Exception):
    """The one line that a person reads instead of a traceback."""


@contextmanager
def step(doing: str) -> Iterator[None]:
    print(f"  {doing} ...", end="", flush=True)
    started = time.monotonic()
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    print(f" {time.monotonic() - started:.1f} s", flush=True)
