"""manage.py take_bounce < report: what a mail server writes back, handed over by a pipe of the mail system."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from communities import history
from communities.actions.deliveries import Report, record
from communities.channels.email import bounces
from communities.states import MessageStatus


class Command(BaseCommand):
    help = "Read a delivery report (RFC 3464) from standard input: its address is marked, its message goes another way."

    def handle(self, *args: Any, **options: Any) -> None:
        found = bounces.read(sys.stdin.buffer.read())
        if not found or not found.for_good:
            return
        with history.told_by("take_bounce"):
            report = Report(found.parcel, "", MessageStatus.FAILED, timezone.now(), f"bounced {found.code}")
            record([report], "email")
