"""Waking up: what the clock does to shifts, offers, pledges and reminders. Each may run twice; twice is once."""

import logging
from collections.abc import Callable, Iterable
from typing import Any

from celery import shared_task
from django.dispatch import receiver

from communities import nudges
from communities.errors import DomainError
from communities.locks import one_of
from communities.queries.clock import database_now
from staffing.actions import (
    audit,
    automatic,
    closeouts,
    door_rounds,
    escalation,
    fillings,
    offers,
    pledges,
    readiness,
    rechecks,
    reminders,
    replies,
    retention,
    rides,
    rotas,
    seals,
    shifts,
    supplies,
    swaps,
    task_forces,
    terms,
    waves,
)
from staffing.models import CloseOut, Filling, SignUp, Swap
from staffing.queries.rechecks import due
from staffing.queries.seals import head
from staffing.queries.waves import running
from staffing.signals import filling_opened, recheck_opened, seat_offered

log = logging.getLogger(__name__)


@shared_task(name="sweep_reminders")
def sweep_reminders() -> None:
    with one_of("sweep_reminders") as ours:
        if ours and (written := reminders.sweep(database_now())):
            log.info("%d reminders are due", written)


@shared_task(name="expire_offers")
def expire_offers() -> None:
    now = database_now()
    each(SignUp.objects.overdue(now).values_list("pk", flat=True), lambda pk: offers.expire(pk, now=now))


@shared_task(name="expire_swaps")
def expire_swaps() -> None:
    now = database_now()
    each(Swap.objects.over(now).values_list("pk", flat=True), lambda pk: swaps.expire(pk, now=now))


@shared_task(name="lapse_pledges")
def lapse_pledges() -> None:
    now = database_now()
    pledges.remind(now)
    pledges.lapse(now)


@shared_task(name="tell_opened")
def tell_opened() -> None:
    replies.tell_opened(database_now())


@shared_task(name="advance_shifts")
def advance_shifts() -> None:
    shifts.advance(database_now())


@shared_task(name="watch_readiness")
def watch_readiness() -> None:
    readiness.watch(database_now())


@shared_task(name="escalate")
def escalate() -> None:
    with one_of("escalate") as ours:
        if ours:
            now = database_now()
            escalation.remind_again(now)
            escalation.watch_shortages(now)


@shared_task(name="advance_waves")
def advance_waves() -> None:
    """Every call that is told in waves, each in the hands of one worker."""
    now = database_now()
    for pk in running():
        with one_of(f"waves {pk}") as ours:
            if ours:
                waves.advance(pk, now)


@shared_task(name="sweep_secondments")
def sweep_secondments() -> None:
    terms.sweep(database_now())


@shared_task(name="sweep_task_forces")
def sweep_task_forces() -> None:
    task_forces.remind(database_now())


@shared_task(name="sweep_rides")
def sweep_rides() -> None:
    rides.sweep(database_now())
    rides.end_silent(database_now())


@shared_task(name="mend_rotas")
def mend_rotas() -> None:
    with one_of("mend_rotas") as ours:
        if ours and (days := rotas.sweep(database_now())):
            log.info("%d days of rotas mended", days)


@shared_task(name="forget_doors")
def forget_doors() -> None:
    for gone in door_rounds.forget(database_now()):
        log.info("Round %d: %d doors forgotten, %d homes kept", gone.round, gone.doors, gone.kept)


@shared_task(name="forget")
def forget() -> None:
    with one_of("forget") as ours:
        if ours:
            log.info(
                "Forgotten: %s", {code: count for code, count in retention.forget_old(database_now()).items() if count}
            )


@shared_task(name="seal_history", soft_time_limit=600, time_limit=660)
def seal_history() -> None:
    """The newest digest goes to the log, which leaves this machine, so that seals cannot go unseen."""
    with one_of("seal history") as ours:
        if ours and (sealed := seals.seal(database_now())):
            log.info("%d rows of the history sealed, newest digest %s", sealed, head())


@shared_task(name="close_out", soft_time_limit=3000, time_limit=3060)
def close_out() -> None:
    """Every close-out whose notice is over, each in the hands of one worker."""
    now = database_now()
    for pk in list(CloseOut.objects.due(now).values_list("pk", flat=True)):
        with one_of(f"close out {pk}") as ours:
            if ours:
                each([pk], lambda pk: closeouts.work(pk, now))


@shared_task(name="forget_supplies")
def forget_supplies() -> None:
    if gone := supplies.forget(database_now()):
        log.info("%d supply requests forgotten", gone)


@shared_task(name="accept_automatically")
def accept_automatically() -> None:
    nudges.begun("accept_automatically", "default")
    now = database_now()
    each(automatic.unasked(now), lambda pk: automatic.accept_for(pk, now))


@shared_task(name="recheck_zones")
def recheck_zones() -> None:
    """Every re-check that is not done, each in the hands of one worker."""
    nudges.begun("recheck_zones", "default")
    now = database_now()
    for pk in due(now):
        with one_of(f"recheck {pk}") as ours:
            if ours:
                rechecks.run(pk, now)


@shared_task(name="solve_fillings", soft_time_limit=3000, time_limit=3060)
def solve_fillings() -> None:
    """Every proposal that is to be worked out: its parts are shared out among all who do this at the same time."""
    from staffing.actions import solving  # the solver is loaded by its own workers alone

    nudges.begun("solve_fillings", "matching")
    for pk in list(Filling.objects.unsolved().values_list("pk", flat=True)):
        solving.run(pk, database_now())


@shared_task(name="wake_solvers")
def wake_solvers() -> None:
    """Asked on the ordinary queue, so that nothing piles up where no solver runs."""
    if Filling.objects.unsolved().exists():
        nudges.nudge(solve_fillings, "matching")


@shared_task(name="give_seats")
def give_seats() -> None:
    """Adopted proposals whose seats were too many to be given while somebody waited."""
    for pk in list(Filling.objects.unfinished().values_list("pk", flat=True)):
        with one_of(f"give seats {pk}") as ours:
            if ours:
                fillings.give(pk, database_now())


@shared_task(name="recount")
def recount() -> None:
    audit.recount()


def each(ids: Iterable[int], act: Callable[[int], object]) -> None:
    """One transaction each; one that is refused or busy does not keep the others."""
    for pk in list(ids):
        try:
            act(pk)
        except DomainError as error:
            log.warning("#%d: %s", pk, error)


@receiver(seat_offered)
def take_unasked(**_: Any) -> None:
    nudges.nudge(accept_automatically, "default")


@receiver(recheck_opened)
def wake_recheck(**_: Any) -> None:
    nudges.nudge(recheck_zones, "default")


@receiver(filling_opened)
def wake_solver(**_: Any) -> None:
    nudges.nudge(solve_fillings, "matching")
