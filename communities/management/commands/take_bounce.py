"""manage.py take_bounce < report: what a mail server or provider writes back, handed over by a pipe of the mail system."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from communities import history
from communities.actions.complaints import heard
from communities.actions.deliveries import Report, record
from communities.channels.email import bounces, complaints
from communities.states import MessageStatus


class Command(BaseCommand):
    help = (
        "Read a report from standard input. Of a failed delivery (RFC 3464): its address is marked, its message goes "
        "another way. Of a complaint (RFC 5965): its topic ends, its reader's duties come by other ways first."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        raw, now = sys.stdin.buffer.read(), timezone.now()
        with history.told_by("take_bounce"):
            if parcel := complaints.read(raw):
                heard([parcel], now=now)
            elif (found := bounces.read(raw)) and found.for_good:
                record([Report(found.parcel, "", MessageStatus.FAILED, now, f"bounced {found.code}")], "email")
