from typing import Any

import pghistory
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.fields import EncryptedText, keyed_hash


class Users(BaseUserManager["User"]):
    def create_user(
        self, *, phone: str | None = None, email: str | None = None, password: str | None = None, **fields: Any
    ) -> "User":
        user = self.model(email=email.lower() if email else None, **fields)
        user.phone = phone
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, **fields: Any) -> "User":
        return self.create_user(is_staff=True, is_superuser=True, **fields)

    def by_phone(self, phone: str) -> "User | None":
        return self.filter(phone_hash=keyed_hash(phone)).first()

    def get_by_natural_key(self, login: str | None) -> "User":
        return self.get(email=login)


@pghistory.track(exclude=["password", "phone_cipher", "last_login"])
class User(AbstractBaseUser, PermissionsMixin):
    """An account: one person who can be reached. Found by phone (E.164) or e-mail; there is no user name."""

    name = models.CharField(_("name"), max_length=120, blank=True)
    phone_cipher = EncryptedText(_("phone"), null=True, blank=True)
    phone_hash = models.CharField(max_length=64, null=True, blank=True, unique=True, editable=False)
    phone_verified = models.BooleanField(_("phone verified"), default=False)
    email = models.EmailField(_("e-mail"), null=True, blank=True, unique=True)
    language = models.CharField(
        _("language"), max_length=10, default="zh-hans", choices=[("zh-hans", "简体中文"), ("en", "English")]
    )
    urgent_calls = models.BooleanField(_("may be called at night for urgent calls"), default=False)
    muted_at = models.DateTimeField(_("wants no notices since"), null=True, blank=True)
    is_staff = models.BooleanField(_("may open the admin site"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_demo = models.BooleanField(default=False, editable=False)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    objects = Users()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"

    @property
    def phone(self) -> str | None:
        """E.164, or None."""
        return self.phone_cipher

    @phone.setter
    def phone(self, number: str | None) -> None:
        self.phone_cipher = number
        self.phone_hash = keyed_hash(number) if number else None

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name
