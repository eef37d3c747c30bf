from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext


@pytest.fixture
def queries_of() -> Callable[[Callable[[], object]], int]:
    """How many queries a call asks."""

    def count(call: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as asked:
            call()
        return len(asked)

    return count
