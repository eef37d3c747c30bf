"""The Celery app and its clock. A task is a name for one action; see each package's tasks.py.

Beat may run twice and a task may come twice: each finds by itself what is due. What is not fetched before its next
turn expires, so that a broker that comes back does not bring an hour of ticks with it.
"""

import logging.config
import os
from typing import Any

from celery import Celery, Task
from celery.schedules import crontab
from celery.signals import setup_logging
from django.conf import settings
from kombu.transport.redis import Channel

# A worker that loses the broker would try to give back what it holds, and die of that (kombu 5.7). Every task finds
# what is due by itself, so there is nothing to give back.
Channel.do_restore = False

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class ToldTask(Task):
    """What a task changes stands in the history under the task's name."""

    def __call__(self, *args: Any, **options: Any) -> Any:
        from communities import history  # not before Django is ready

        with history.told_by(self.name):
            return super().__call__(*args, **options)


app = Celery("redvest", task_cls=ToldTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["communities", "volunteers", "staffing"])


@setup_logging.connect
def log_as_everywhere(**_: Any) -> None:
    """Celery's own lines would leave out what workers tell, and repeat what a database says of a row."""
    logging.config.dictConfig(settings.LOGGING)


def every(seconds: float, task: str, *args: Any, queue: str = "default") -> dict[str, Any]:
    return {"task": task, "schedule": seconds, "args": args, "options": {"queue": queue, "expires": seconds}}


app.conf.beat_schedule = {
    "deliver calls": every(15, "deliver", "callup", queue="callup"),
    "deliver messages": every(15, "deliver", "messages", queue="messages"),
    "tell webhooks": every(10, "tell_webhooks", queue="webhooks"),
    "gather digests": every(60, "gather_digests"),
    "heartbeat": every(20, "heartbeat"),
    "sweep reminders": every(60, "sweep_reminders"),
    "expire offers": every(60, "expire_offers"),
    "accept automatically": every(60, "accept_automatically"),
    "expire swaps": every(60, "expire_swaps"),
    "lapse pledges": every(60, "lapse_pledges"),
    "watch readiness": every(60, "watch_readiness"),
    "recheck zones": every(15, "recheck_zones"),
    "wake solvers": every(15, "wake_solvers"),
    "give seats": every(15, "give_seats"),
    "read staff lists": every(15, "read_staff_lists"),
    "ask companions": every(30, "ask_companions"),
    "tell of openings": every(60, "tell_opened"),
    "escalate": every(60, "escalate"),
    "advance waves": every(15, "advance_waves"),
    "mend rotas": every(300, "mend_rotas"),
    "sweep rides": every(60, "sweep_rides"),
    "sweep task forces": every(600, "sweep_task_forces"),
    "sweep secondments": every(60, "sweep_secondments"),
    "advance shifts": every(60, "advance_shifts"),
    "forget answers": every(3600, "forget_answers"),
    "close out": every(300, "close_out"),
    "seal history": every(600, "seal_history"),
    "forget": {"task": "forget", "schedule": crontab(hour="19", minute="20"), "options": {"queue": "default"}},
    "forget doors": {
        "task": "forget_doors",
        "schedule": crontab(hour="19", minute="10"),
        "options": {"queue": "default"},
    },
    "forget supplies": {
        "task": "forget_supplies",
        "schedule": crontab(hour="19", minute="15"),
        "options": {"queue": "default"},
    },
    "recount": {"task": "recount", "schedule": crontab(hour="19", minute="30"), "options": {"queue": "default"}},
}
