from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from communities import history
from communities.queries.clock import database_now
from staffing.actions.door_rounds import forget, to_forget


class Command(BaseCommand):
    help = "Forget the doors of rounds closed fourteen days ago; the counts stay. The clock does it every night."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would go, and change nothing")

    @history.told_by("forget_doors")
    def handle(self, *_args: Any, dry_run: bool, **_options: Any) -> None:
        now = database_now()
        for found in to_forget(now) if dry_run else forget(now):
            self.stdout.write(
                f"round {found.round}: {found.doors} doors, {found.visits} visits, {found.homes} homes; "
                f"{found.kept} homes still to be seen to are kept"
            )
