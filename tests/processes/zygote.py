"""A process that has the program loaded and makes workers of itself at once, for tests that kill many of them.

It reads one line for each, and answers with the number of the new process:

{"role": "celery", "options": […]} is what the command line of Celery makes of the options, with a quick clock.
{"role": "solver", "folder": "…"} works proposals out in small parts. Where the folder has a file of the name of a step,
the first worker that comes to it takes the file and is killed in its middle.
{"role": "worker" | "beat", "folder": "…"} waits tenths of a second where the system waits minutes. A worker that is
ready leaves a file of its number in the folder. As long as there is a file "seed", it may kill itself, by chance, at any
of the steps of a delivery.
"""

import json
import os
import random
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from celery.signals import worker_ready

from config.celery import app

SECONDS = 0.2  # between two turns of the clock
DEADLY = 0.02  # of the steps
CLOCKED = {"deliver calls", "deliver messages", "sweep reminders", "gather digests"}


def quicken() -> None:
    """Waits of minutes become tenths of a second; their number stays."""
    from communities.channels import sms
    from communities.messages import claims, delivery
    from communities.rules import retries

    claims.BATCH, sms.PER_CALL = 5, 2
    claims.LEASE = timedelta(seconds=0.6)
    retries.BACK_OFF = tuple(timedelta(seconds=0.1 * step) for step in (1, 2, 3))
    delivery.BUDGET = 2.0
    app.conf.beat_schedule = {name: entry for name, entry in app.conf.beat_schedule.items() if name in CLOCKED}
    for entry in app.conf.beat_schedule.values():
        entry["schedule"], entry["options"]["expires"] = SECONDS, 5


class Fate:
    """Chance as the schedule's seed and the number of the worker have it; none without a seed."""

    def __init__(self, folder: Path) -> None:
        self.file, self.seed, self.chance = folder / "seed", "", random.Random()

    def strikes(self) -> bool:
        try:
            seed = self.file.read_text()
        except FileNotFoundError:
            return False
        if seed != self.seed:
            self.seed, self.chance = seed, random.Random(f"{seed} {os.getpid() % 4}")
        return self.chance.random() < DEADLY


def mortal(fate: Fate) -> None:
    """Death before and after each step of a delivery, and in the middle of writing down what became of it."""
    from communities.actions import digests
    from communities.channels import sms
    from communities.messages import claims, dead_ends, delivery

    def die() -> None:
        if fate.strikes():
            os.kill(os.getpid(), signal.SIGKILL)

    def around[**P, R](step: Callable[P, R]) -> Callable[P, R]:
        def guarded(*args: P.args, **options: P.kwargs) -> R:
            die()
            done = step(*args, **options)
            die()
            return done

        return guarded

    delivery.claim, delivery.settle = around(delivery.claim), around(delivery.settle)
    delivery.gather, delivery.addresses = around(delivery.gather), around(delivery.addresses)
    sms.hand_over, claims.hold = around(sms.hand_over), around(claims.hold)
    dead_ends.note, digests.post = around(dead_ends.note), around(digests.post)


STEPS = ("read", "solve", "drafted", "reasons", "write_gaps")


def solve_in_small_parts(folder: Path) -> None:
    from staffing.actions import filling_results, solving
    from staffing.queries import matching_parts

    matching_parts.PART, filling_results.HANDFUL = 6, 2

    def deadly[**P, R](name: str, step: Callable[P, R]) -> Callable[P, R]:
        def guarded(*args: P.args, **options: P.kwargs) -> R:
            done = step(*args, **options)
            try:
                (folder / name).unlink()
            except FileNotFoundError:
                return done
            os.killpg(os.getpgid(0), signal.SIGKILL)
            return done

        return guarded

    for name in STEPS:
        setattr(solving, name, deadly(name, getattr(solving, name)))
    worker_ready.connect(lambda **_signal: (folder / "ready").touch(), weak=False)
    options = ["-Q", "default,matching", "-c", "1", "--without-gossip", "--without-mingle"]
    app.worker_main(["--quiet", "worker", *options, "-n", f"s{os.getpid()}@test", "--loglevel", "ERROR"])


def become(wish: dict[str, Any]) -> None:
    os.setsid()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    match wish["role"]:
        case "celery":
            from tests.processes import clock

            clock.app.start(["--quiet", *wish["options"], "--loglevel", "ERROR"])
        case "solver":
            solve_in_small_parts(Path(wish["folder"]))
        case "beat":
            quicken()
            schedule = str(Path(wish["folder"]) / f"beat{os.getpid()}")
            app.start(["--quiet", "beat", "-s", schedule, "--pidfile", "", "--loglevel", "ERROR"])
        case "worker":
            quicken()
            work(Path(wish["folder"]))


def work(folder: Path) -> None:
    mortal(Fate(folder))
    worker_ready.connect(lambda **_signal: (folder / str(os.getpid())).touch(), weak=False)
    lonely = ["-P", "solo", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    options = ["-Q", "callup,messages,default", *lonely, "-n", f"w{os.getpid()}@test"]
    app.worker_main(["--quiet", "worker", *options, "--loglevel", "ERROR"])


def main() -> None:
    import django

    django.setup()
    app.loader.import_default_modules()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are not waited for
    for line in sys.stdin:
        child = os.fork()
        if not child:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            try:
                become(json.loads(line))
            finally:
                os._exit(1)
        print(child, flush=True)


if __name__ == "__main__":
    main()
