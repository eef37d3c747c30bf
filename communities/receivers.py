"""What a session has just proved besides signing in: a password set or changed, a second factor set up."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import password_changed, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.dispatch import receiver
from django.http import HttpRequest

from communities.models import User


@receiver([password_set, password_changed])
def password_shown(request: HttpRequest, user: User, **_signal: Any) -> None:
    record_authentication(request, user, "password")


@receiver(authenticator_added)
def factor_shown(request: HttpRequest, user: User, authenticator: Authenticator, **_signal: Any) -> None:
    """Setting it up takes a code or a touch, so it has been shown."""
    record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
