from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from staffing.demo import catalogue
from staffing.models import NormProfile


class Command(BaseCommand):
    help = "Load the roles and the preset norms that are not there yet. Loading again changes nothing."

    def handle(self, **_: Any) -> None:
        with transaction.atomic():
            catalogue.norms()
        self.stdout.write(
            f"Presets: {', '.join(NormProfile.objects.presets().current().values_list('slug', flat=True))}"
        )
