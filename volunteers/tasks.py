"""Waking up for questions to companions, and for staff lists. Each list is in the hands of one worker; who takes over from a killed one goes on there."""

from typing import Any

from celery import shared_task
from django.dispatch import receiver

from communities import nudges
from communities.locks import one_of
from communities.queries.clock import database_now
from volunteers.actions import companions, imports
from volunteers.models import StaffImport
from volunteers.signals import staff_list_waits


@shared_task(name="read_staff_lists")
def read_staff_lists() -> None:
    nudges.begun("read_staff_lists", "default")
    for pk in list(StaffImport.objects.at_work().values_list("pk", flat=True)):
        with one_of(f"staff list {pk}") as ours:
            if ours:
                imports.work(pk, database_now())


@shared_task(name="ask_companions")
def ask_companions() -> None:
    """Whom people want to come with is looked up here and nowhere else, so that asking tells nobody anything."""
    companions.look_up(database_now())


@receiver(staff_list_waits)
def wake(**_: Any) -> None:
    nudges.nudge(read_staff_lists, "default")
