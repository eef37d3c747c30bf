from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from communities import history
from communities.queries.clock import database_now
from staffing.actions.retention import forget_old, to_forget


class Command(BaseCommand):
    help = "Forget what has been kept for long enough (docs/security.md). The clock does it every night."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would go, and change nothing")

    @history.told_by("forget")
    def handle(self, *_args: Any, dry_run: bool, **_options: Any) -> None:
        now = database_now()
        for code, count in (to_forget(now) if dry_run else forget_old(now)).items():
            self.stdout.write(f"{code}: {count}")
