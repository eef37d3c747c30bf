from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from communities import history
from communities.actions import accounts, tokens
from communities.errors import Invalid, Refused
from communities.models import User
from communities.phrases import say
from communities.rules.words import clean_phone
from communities.states import SCOPES


class Command(BaseCommand):
    help = "Issue a bearer token for the API and print it: this once, it cannot be shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("account", help="whose token: phone, e-mail or number of the account")
        parser.add_argument("--scope", action="append", required=True, metavar="SCOPE", help=", ".join(sorted(SCOPES)))
        parser.add_argument("--days", type=int, required=True, help=f"how long it works, 1 to {tokens.LONGEST}")
        parser.add_argument("--name", default="", help="what it is for")

    def handle(self, *args: Any, account: str, scope: list[str], days: int, name: str, **options: Any) -> None:
        wanted = [word for text in scope for word in text.replace(",", " ").split()]
        with history.told_by("issue_token"):
            try:
                _row, token = tokens.issue(find(account), name or "API", wanted, days, now=timezone.now())
            except Refused as error:
                raise CommandError(f"{say(error.reasons[0])} Scopes: {', '.join(sorted(SCOPES))}") from error
            except Invalid as error:
                raise CommandError(f"Not possible: {error.fields}") from error
        self.stdout.write(token)


def find(account: str) -> User:
    by_number = account.isascii() and account.isdigit() and len(account) < 10
    address = account.lower() if "@" in account else clean_phone(account, demo=settings.DEMO) or ""
    found = User.objects.filter(pk=account).first() if by_number else accounts.of_address(address)
    if found is None or not found.is_active:
        raise CommandError(f"There is no active account {account}.")
    return found
