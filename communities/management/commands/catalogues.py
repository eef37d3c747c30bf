from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from communities import catalogues


class Command(BaseCommand):
    help = "Translation catalogues without GNU gettext: compile, extract from the source, check."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["compile", "extract", "check"])

    def handle(self, *, what: str, verbosity: int, **options: Any) -> None:
        if what == "check":
            return self.check_catalogues()
        if what == "extract":
            catalogues.extract_all(settings.BASE_DIR)
        written = catalogues.compile_all(settings.BASE_DIR)
        if verbosity:
            self.stdout.write(f"{len(written)} catalogues compiled")
        return None

    def check_catalogues(self) -> None:
        if found := catalogues.faults(settings.BASE_DIR):
            raise CommandError("\n".join(map(str, found)) + f"\n{len(found)} faults in the catalogues")
        self.stdout.write("The catalogues are complete.")
