from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from staffing.demo.clock import Clock, anchor
from staffing.demo.story import Story, is_told


class Command(BaseCommand):
    help = (
        "Load the Taiyuan demo, once: places and figures of the story, fictional people. Loading again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anchor-date",
            type=date.fromisoformat,
            help="the day of the open call (YYYY-MM-DD); default: the next early morning",
        )
        parser.add_argument(
            "--file",
            type=Path,
            default=settings.BASE_DIR / ".data" / "demo.json",
            help="where accounts and link are written",
        )
        parser.add_argument("--force", action="store_true", help="also where neither DEBUG nor DEMO is on")

    def handle(self, *, anchor_date: date | None, file: Path, force: bool, **_: Any) -> None:
        if not (settings.DEBUG or settings.DEMO or force):
            raise CommandError("This is not a demo system (DEMO is off). Use --force if you mean it.")
        if is_told():
            self.stdout.write("The demo is already there; nothing changed.")
            return
        now = timezone.now()
        with transaction.atomic():
            call = Story(Clock(anchor_date or anchor(now), now)).tell(file)
        with connection.cursor() as cursor:
            cursor.execute("analyze")  # the first pages are not planned as for empty tables
        self.stdout.write(f"Demo loaded. Open call: /c/{call.slug}/  Accounts: {file}")
