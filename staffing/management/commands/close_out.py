from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_datetime

from communities.models import Area
from communities.phrases import say
from communities.queries.clock import database_now
from staffing.queries.closeouts import Report, Scope, report
from staffing.rules.closeouts import refusals


class Command(BaseCommand):
    help = "What closing out an area over a time would do: nothing is changed. It is proposed and agreed on the desk."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("area", type=int)
        parser.add_argument("since", help="such as 2022-04-03T00:00+08:00")
        parser.add_argument("until")

    def handle(self, *_args: Any, area: int, since: str, until: str, **_options: Any) -> None:
        node = Area.objects.filter(pk=area).first()
        if not node:
            raise CommandError("There is no such area.")
        self.tell(report(Scope(node.path, instant(since), instant(until)), database_now()))

    def tell(self, found: Report) -> None:
        self.stdout.write(f"{found.people} people, of whom {found.goes} lose their name")
        for reason, count in sorted(found.kept.items()):
            self.stdout.write(f"  stay ({reason}): {count}")
        for table, count in sorted(found.rows.items()):
            self.stdout.write(f"{table}: {count}")
        self.stdout.write(f"stand: {found.totals}")
        for reason in refusals(found.open):
            self.stdout.write(f"not yet: {say(reason)}")


def instant(text: str) -> datetime:
    found = parse_datetime(text)
    if not found or not found.tzinfo:
        raise CommandError(f"{text} is no instant with a zone.")
    return found
