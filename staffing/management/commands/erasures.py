import json
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from communities import history
from staffing.actions.erasing import erase_again
from staffing.models import Erasure
from staffing.states import Cause


class Command(BaseCommand):
    help = "The accounts whose identity is gone, one a line; after a restore, --again FILE forgets them once more."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--again", type=Path, metavar="FILE", help="a list that this command has printed")

    @history.told_by("erasures")
    def handle(self, *_args: Any, again: Path | None, **_options: Any) -> None:
        if again:
            lines = [json.loads(line) for line in again.read_text().splitlines() if line.strip()]
            done = sum(erase_again(one["account"], Cause(one["cause"]), at(one)) for one in lines)
            self.stdout.write(f"{done} forgotten again, {len(lines) - done} were already")
            return
        for row in Erasure.objects.order_by("at", "pk").values("account", "at", "cause"):
            self.stdout.write(json.dumps(row | {"at": row["at"].isoformat()}))


def at(one: dict[str, str]) -> datetime:
    return datetime.fromisoformat(one["at"])
