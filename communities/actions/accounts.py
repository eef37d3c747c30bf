"""Accounts come into being when somebody has shown that a phone is theirs, or when staff enter a person."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from communities.errors import Forbidden, Refused
from communities.messages.dead_ends import works_again
from communities.models import User


def account_for(phone: str, name: str, language: str, now: datetime, *, verified: bool = True, **fields: bool) -> User:
    """The account of this phone (E.164), made if there is none; the same one for all who ask at the same moment.

    `verified`: its owner has just typed back a code, so this also confirms the phone of an account that staff entered.
    Raises Forbidden("account_closed").
    """
    user = User.objects.by_phone(phone) or create(phone, name, language, now, verified=verified, **fields)
    if not user.is_active:
        raise Forbidden("account_closed")
    return confirm(give_name(user, name)) if verified else user


def create(phone: str, name: str, language: str, now: datetime, *, verified: bool, **fields: Any) -> User:
    try:
        with transaction.atomic():
            return User.objects.create_user(
                phone=phone, name=name, language=language, date_joined=now, phone_verified=verified, **fields
            )
    except IntegrityError:
        if found := User.objects.by_phone(phone):
            return found
        raise


def confirm(user: User) -> User:
    """The phone is this person's: they have typed back what was sent there."""
    if not user.phone_verified:
        user.phone_verified = True
        user.save(update_fields=["phone_verified"])
    works_again(user, "sms")
    return user


def give_name(user: User, name: str) -> User:
    """A name that is there already stays: people change theirs on their own page."""
    if name and not user.name:
        user.name = name
        user.save(update_fields=["name"])
    return user


def of_address(address: str) -> User | None:
    """The account of a phone (E.164) or an e-mail address."""
    return User.objects.filter(email=address).first() if "@" in address else User.objects.by_phone(address)


def change_phone(user: User, phone: str, *, verified: bool) -> None:
    """Raises Refused("phone_taken") if it is another account's."""
    try:
        with transaction.atomic():
            user.phone, user.phone_verified = phone, verified
            user.save(update_fields=["phone_cipher", "phone_hash", "phone_verified"])
            works_again(user, "sms")
    except IntegrityError as error:
        raise Refused("phone_taken") from error


def enter(
    *, name: str, phone: str | None, email: str | None, language: str, is_staff: bool = False, now: datetime
) -> User:
    """An account that staff make before its owner has ever signed in. Raises Refused("phone_taken")."""
    try:
        with transaction.atomic():
            return User.objects.create_user(
                name=name, phone=phone, email=email, language=language, is_staff=is_staff, date_joined=now
            )
    except IntegrityError as error:
        raise Refused("phone_taken") from error
