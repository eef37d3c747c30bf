import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from staffing.queries.seals import head, verify


class Command(BaseCommand):
    help = "Hold the history against its seals: a line for each row that is not as it was; ends with 1 if there is one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--known", default="", metavar="DIGEST", help="a newest digest that was kept elsewhere")

    def handle(self, *_args: Any, known: str, **_options: Any) -> None:
        count = 0
        for count, fault in enumerate(verify(known), 1):  # noqa: B007
            self.stdout.write(json.dumps({"table": fault.table, "row": fault.row, "wrong": fault.wrong}))
        if count:
            raise CommandError(f"{count} rows or seals are not as they were.")
        self.stdout.write(json.dumps({"newest": head()}))
