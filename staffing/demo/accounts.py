"""Demo accounts, told once in a file that only the demo reads: for each role one with a password and an authenticator,
and a volunteer, who signs in with a code.
"""

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from communities.models import Area, Grant, Organisation, User
from communities.states import RoleName


class Accounts:
    """Creates the accounts and remembers what to tell about them."""

    def __init__(self) -> None:
        self.told: list[dict[str, str]] = []

    def make(
        self, role: str, name: str, *, area: Area | None = None, organisation: Organisation | None = None, **fields: Any
    ) -> User:
        """An account with the role on the node (a plain one without a node)."""
        login = f"{role.replace('_', '-')}@example.org"
        if User.objects.filter(email=login).exists():
            login = f"{role.replace('_', '-')}-{len(self.told)}@example.org"
        password = secrets.token_urlsafe(9)
        user = User.objects.create_user(
            name=name,
            email=login,
            phone=f"+861200009{len(self.told):04d}",
            password=password,
            is_demo=True,
            phone_verified=True,
            **fields,
        )
        if area or organisation:
            Grant.objects.create(user=user, role=RoleName(role), area=area, organisation=organisation)
        self.told.append(
            {"role": role, "login": login, "password": password, "totp": authenticator(user), "name": name}
        )
        return user

    def cast(self, areas: Mapping[str, Area], organisations: Mapping[str, Organisation]) -> User:
        """One for each role on an area or a unit; returns the lead of the community that calls."""
        lead = self.make("community_lead", "高演示", area=areas["保利香樟社区"], is_staff=True)
        self.make("grid_member", "石演示", area=areas["保利香樟社区"])
        self.make("point_lead", "邓演示", area=areas["保利香樟社区"])
        self.make("subdistrict_lead", "白演示", area=areas["龙城街道"])
        self.make("district_lead", "秦演示", area=areas["小店区"])
        self.make("city_command", "方演示", area=areas["太原市"])
        self.make("taskforce_lead", "段演示", area=areas["晋源区"])
        self.make("org_hr", "江演示", organisation=organisations["示范市直机关工委"])
        self.make("agency_lead", "汤演示", organisation=organisations["示范公安分局"])
        self.make("auditor", "尹演示", area=areas["太原市"], is_staff=True)
        self.make("system_admin", "康演示", area=areas["太原市"], is_staff=True)
        return lead

    def neighbour(self, user: User) -> None:
        """A volunteer: no password, but a code by text message, which the demo inbox shows."""
        self.told.append({"role": "volunteer", "login": spoken(user.phone or ""), "name": user.name})

    def tell(self, file: Path, **more: str) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"accounts": self.told, **more}, ensure_ascii=False, indent=1))
        file.chmod(0o600)


def spoken(phone: str) -> str:
    """As people type it: 120 0000 0062."""
    number = phone.removeprefix("+86")
    return f"{number[:3]} {number[3:7]} {number[7:]}"


def authenticator(user: User) -> str:
    secret: str = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret
