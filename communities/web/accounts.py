"""How allauth knows our accounts: found by phone or e-mail, entered with a code, or with password and second factor."""

from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.fields import PhoneField
from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import user_logged_in
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.httpkit import get_client_ip
from allauth.core.internal.ratelimit import truncate_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from communities import history
from communities.actions import accounts, codes
from communities.errors import TooMany
from communities.fields import cipher
from communities.models import User
from communities.queries.prepared import loaded
from communities.rules.words import clean_phone

LOGIN_WAIT = 300


class Backend(AuthenticationBackend):
    def get_user(self, user_id: int) -> User | None:
        """Asked for with every request of somebody who is signed in."""
        found = loaded(User, "where id = %(user)s::bigint", user=user_id)
        return found[0] if found and self.user_can_authenticate(found[0]) else None


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> NoReturn:
        """An account comes with the first sign-up to a call, not from a page of its own."""
        raise ImmediateHttpResponse(redirect("account_request_login_code"))

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        request.session.set_expiry(settings.SESSION_LIFE)
        history.acts(user)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as error:
            raise TooMany(retry_after=LOGIN_WAIT) from error

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        phone = credentials.get("phone")
        return self.clean_phone(phone) if phone else str(credentials.get("email", "")).lower()

    def reauthenticate(self, user: User, password: str) -> bool:
        login = {"email": user.email} if user.email else {"phone": user.phone}
        return self.authenticate(self.request, password=password, **login) == user

    def phone_form_field(self, **field: Any) -> PhoneField:
        return PhoneField(validators=[], **field)

    def clean_phone(self, phone: str) -> str:
        if number := clean_phone(phone, demo=settings.DEMO):
            return number
        raise ValidationError(_("This is not a phone number that takes messages."))

    def get_user_by_phone(self, phone: str) -> User | None:
        return User.objects.by_phone(self.clean_phone(phone))

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified) if user.phone else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        accounts.change_phone(user, phone, verified=verified)

    def set_phone_verified(self, user: User, phone: str) -> None:
        accounts.change_phone(user, phone, verified=True)

    def generate_phone_verification_code(self, *, user: User, phone: str) -> str:
        return codes.new_code()

    def send_verification_code_sms(self, user: User, phone: str, code: str, **_more: Any) -> None:
        codes.deliver(phone, code)


class MFAAdapter(DefaultMFAAdapter):
    """Secrets of second factors rest encrypted."""

    def encrypt(self, text: str) -> str:
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return cipher().decrypt(encrypted_text.encode()).decode()


def ip_of(request: HttpRequest) -> str:
    """The address that limits count by: of IPv6 the network, since one person has a whole one."""
    return truncate_ip(get_client_ip(request) or "")


def sign_in(request: HttpRequest, user: User) -> None:
    """Sign in who has just typed back a code on a page of their own, such as the sign-up form.

    This proves one factor only; staff pages ask for the rest. The session gets a new key, and is listed.
    """
    if request.user.is_authenticated and request.user.pk == user.pk:
        return
    AccountAdapter(request).login(request, user)
    record_authentication(request, user, "code")
    user_logged_in.send(sender=User, request=request, user=user, response=None)
