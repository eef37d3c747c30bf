"""What the clock does to secondments and lendings: begin what is agreed, end what is over, let go whom no unit has
confirmed.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from communities.errors import DomainError
from staffing.actions import lendings, recalls, secondments
from staffing.models import Lending, Secondment

log = logging.getLogger(__name__)


def sweep(now: datetime) -> int:
    """How many were due. One transaction each; one that is refused or busy does not keep the others."""
    due: list[tuple[Iterable[int], Callable[[int], object]]] = [
        (Secondment.objects.over(now).values_list("pk", flat=True), lambda pk: secondments.finish(pk, now)),
        (Secondment.objects.unconfirmed(now).values_list("pk", flat=True), lambda pk: recalls.lapse(pk, now)),
        (Lending.objects.over(now).values_list("pk", flat=True), lambda pk: lendings.end(pk, by=None, now=now)),
        (Secondment.objects.starting(now).values_list("pk", flat=True), lambda pk: secondments.start(pk, now)),
    ]
    return sum(tried(pk, act) for ids, act in due for pk in list(ids))


def tried(pk: int, act: Callable[[int], object]) -> bool:
    try:
        act(pk)
    except DomainError as error:
        log.warning("Secondment or lending %d: %s", pk, error)
        return False
    return True
