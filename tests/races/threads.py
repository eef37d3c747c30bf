"""Running the same thing in many threads at once, each with its own database connection."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection


def rush[Item, Result](
    work: Callable[[Item], Result], items: Sequence[Item], width: int = 16
) -> list[Result | Exception]:
    """The results, or the exceptions, in the order of the items; up to `width` at a time, starting together."""
    start = Barrier(min(width, len(items)))

    def run(indexed: tuple[int, Item]) -> Result | Exception:
        index, item = indexed
        if index < start.parties:
            start.wait(10)
        try:
            return work(item)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(min(width, len(items))) as pool:
        return list(pool.map(run, enumerate(items)))
