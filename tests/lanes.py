"""Runs of the tests beside each other: each takes the next file that no other has begun, in the same order.

`pytest -p tests.lanes` with LANES naming an empty folder, in which each file that is begun leaves its mark.
"""

import os
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest


def begun_here(folder: Path, name: str) -> bool:
    """Whether nobody else has begun it, and nobody else will."""
    try:
        (folder / name).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def ours(items: list[pytest.Item], folder: Path) -> Iterator[pytest.Item]:
    """Tests that commit come after all others, so that a file may come twice."""
    times: Counter[Path] = Counter()
    for path, tests in groupby(items, key=lambda item: item.path):
        times[path] += 1
        if begun_here(folder, f"{path.parent.name}.{path.name}.{times[path]}"):
            yield from tests


def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """pytest's own loop, over the tests that are ours."""
    if session.testsfailed or session.config.option.collectonly:
        return None
    items = ours(session.items, Path(os.environ["LANES"]))
    item = next(items, None)
    while item:
        following = next(items, None)
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
        item = following
    return True
