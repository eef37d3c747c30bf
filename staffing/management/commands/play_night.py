from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from staffing.demo.play import Night
from staffing.demo.story import is_told


class Command(BaseCommand):
    help = (
        "Play the night of the story against the running system: neighbours sign up, are reminded, some cannot come, "
        "reserves step in, people check in. Ends with the story's figures beside the database's."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--speed", type=float, default=1.0, help="how many times faster people sign up (1: a minute for all)"
        )
        parser.add_argument("--url", default=settings.PUBLIC_URL, help="the running system")
        parser.add_argument("--inbox", default=settings.DEMO_INBOX_URL, help="the demo inbox")

    def handle(self, *, speed: float, url: str, inbox: str, **_: Any) -> None:
        if not settings.DEMO or not is_told():
            raise CommandError("The night is played on a demo system only: make run, then deploy/manage play_night.")
        if speed <= 0 or not inbox:
            raise CommandError("--speed is a number above 0, and the demo inbox has to run.")
        figures = Night(lambda line: self.stdout.write(line), speed, url, inbox).play()
        wrong = [what for what, story, found in figures if story != found]
        if wrong:
            raise CommandError("Differs from the story: " + ", ".join(wrong))
        self.stdout.write(self.style.SUCCESS(f"All {len(figures)} figures agree with the story."))
