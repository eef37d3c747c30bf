"""Journey 10: somebody connects another system, with nothing but the guide, a token and the doors that are open to all."""

import base64
import hashlib
import hmac
import re
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path

import httpx
import pytest
from django.core.management import call_command
from django.utils import timezone
from icalendar import Calendar

from communities.models import Organisation
from communities.states import RoleName
from communities.tasks import tell_webhooks
from staffing.models import SignUp
from tests.factories import communities as places
from tests.factories import staffing as make
from volunteers.actions import imports
from volunteers.models import Affiliation
from volunteers.tasks import read_staff_lists

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_nudges")]
GUIDE = Path("docs/api.md")


@pytest.fixture
def no_nudges(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock's tasks are run here by hand."""
    monkeypatch.setattr("communities.nudges.nudge", lambda *_args: False)


def token(user, *scopes: str) -> str:
    out = StringIO()
    wanted = [word for scope in scopes for word in ("--scope", scope)]
    call_command("issue_token", str(user.pk), *wanted, "--days", "7", "--name", "platform", stdout=out)
    return out.getvalue().strip()


def verified(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """The function of the guide, as it stands there."""
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    known: dict[str, object] = {}
    exec(code, known)
    return known["verified"](secret, headers, body)


class Machine:
    """Another system, which speaks http to the running server."""

    def __init__(self, server: str, key: str) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self.web = httpx.Client(base_url=server, headers=headers, trust_env=False, timeout=30)

    def get(self, path: str, **query: object) -> httpx.Response:
        return self.web.get(path, params=query)

    def post(self, path: str, body: dict[str, object], key: str = "") -> httpx.Response:
        return self.web.post(path, json=body, headers={"Idempotency-Key": key} if key else {})


STAFF = [
    {"external_id": f"A-{number}", "name": name, "phone": f"+861200007000{number}"}
    for number, name in enumerate(["钟演示", "邹演示", "孟演示"])
]


def test_another_system_is_connected(live_server, receiver):
    district = places.area("district")
    here = places.area(parent=district)
    unit = places.organisation()
    soon = (timezone.localtime() + timedelta(days=3)).replace(hour=5, minute=30, second=0, microsecond=0)
    call = make.call(here, starts_at=soon, ends_at=soon + timedelta(days=1))
    post = make.post(make.shift(places.site(here), call, start=soon), seats=3)
    neighbour = make.volunteer(community=here)
    officer = places.grant(RoleName.ORG_HR, organisation=unit).user
    keeper = places.lead(district, RoleName.SYSTEM_ADMIN)

    # The documentation, without a sign-in.
    schema = Machine(live_server.url, "").get("/api/v1/schema/", format="json").json()
    assert {"/api/v1/webhooks/", "/api/v1/staff-imports/", "/api/v1/sign-ups/"} <= schema["paths"].keys()

    # People by their numbers there, twice: the second time nothing is new.
    hr = Machine(live_server.url, token(officer, "staff-imports:write", "staff-imports:read"))
    for _time in range(2):
        upload(hr, unit)
    assert Affiliation.objects.filter(organisation=unit, external_id__startswith="A-").count() == 3

    # A webhook.
    admin = Machine(live_server.url, token(keeper, "webhooks:write"))
    asked = {"area": district.pk, "name": "区平台", "url": f"{receiver.origin}/in", "topics": ["sign-ups"]}
    made = admin.post("/api/v1/webhooks/", asked)
    assert made.status_code == 201
    secret = made.json()["secret"]

    # Somebody signs up through that system; the request is sent again, since the first answer was lost.
    person = Machine(live_server.url, token(neighbour.user, "read", "sign-ups:write", "me:write"))
    first, again = (person.post("/api/v1/sign-ups/", {"post": post.pk}, key="order-1") for _time in range(2))
    assert (first.status_code, again.status_code) == (201, 201), first.text
    assert again.headers["Idempotent-Replay"] == "true"
    assert first.json() == again.json()
    assert SignUp.objects.count() == 1

    # It is told, and what it is told is genuine.
    tell_webhooks()
    (heard,) = receiver.heard
    assert heard.told["type"] == "sign-up.confirmed"
    assert verified(secret, heard.headers, heard.body)
    assert not verified(secret, heard.headers, heard.body.replace(b"confirmed", b"cancelled"))
    old = {"webhook-timestamp": str(int(time.time()) - 301)}
    key = base64.b64decode(secret.removeprefix("whsec_"))
    said = f"{heard.headers['webhook-id']}.{old['webhook-timestamp']}.".encode() + heard.body
    seal = base64.b64encode(hmac.digest(key, said, hashlib.sha256)).decode()
    assert not verified(secret, heard.headers | old | {"webhook-signature": f"v1,{seal}"}, heard.body)
    assert neighbour.user.name not in heard.body.decode()

    # The object, with what its token may see; and the calendar.
    path = heard.told["url"].partition("/api/")[2]
    shown = person.get(f"/api/{path}").json()
    assert (shown["id"], shown["status"]) == (heard.told["data"]["sign_up"], heard.told["data"]["state"])
    address = "/my/feed/" + person.get("/api/v1/me/feed/").json()["address"].rpartition("/")[2]
    calendar = Calendar.from_ical(Machine(live_server.url, "").get(address).content)
    assert [event["dtstart"].dt for event in calendar.walk("VEVENT")] == [post.shift.starts_at]


def upload(hr: Machine, unit: Organisation) -> None:
    made = hr.post("/api/v1/staff-imports/", {"organisation": unit.pk, "members": STAFF})
    assert made.status_code == 201
    read_staff_lists()
    address = f"/api/v1/staff-imports/{made.json()['id']}/"
    assert hr.post(f"{address}decide/", {}).status_code == 200
    read_staff_lists()
    shown = hr.get(address).json()
    assert (shown["status"], shown["taken"]) == ("done", 3)


def test_a_list_of_a_large_unit_comes_in_one_piece_and_what_is_too_large_is_told_as_a_problem(client, settings):
    unit = places.organisation()
    officer = places.grant(RoleName.ORG_HR, organisation=unit).user
    words = {
        "content_type": "application/json",
        "headers": {"Authorization": f"Bearer {token(officer, 'staff-imports:write')}"},
    }
    content = base64.b64encode("姓名,手机\n王演示,12000007001\n".encode() + b"\n" * 3_000_000).decode()
    said = {"organisation": unit.pk, "content": content}
    assert client.post("/api/v1/staff-imports/", said, **words).status_code == 201
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = client.post("/api/v1/staff-imports/", said, **words)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_the_report_tells_of_rows_with_a_fault_whose_home_is_known(client):
    home, unit = places.compound(name="示范东苑小区"), places.organisation()
    officer = places.grant(RoleName.ORG_HR, organisation=unit).user
    rows = "姓名,手机,住址\n王演示,12,示范东苑小区3号楼\n李演示,12000007001,\n".encode()
    found = imports.upload(unit.pk, "staff.csv", rows, by=officer, now=timezone.now())
    imports.read(found.pk, timezone.now())
    words = {"headers": {"Authorization": f"Bearer {token(officer, 'read')}"}}
    (row,) = client.get(f"/api/v1/staff-imports/{found.pk}/report/", **words).json()
    assert (row["line"], row["problems"], row["compound"]) == (1, ["bad_phone"], home.pk)
