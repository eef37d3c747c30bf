import json
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as some

from communities.channels import robot, sms
from communities.channels.parcels import Parcel, Result, side_by_side
from communities.channels.robot.shapes import SHAPES
from communities.channels.sms.signing import genuine, sign
from communities.rules.names import first_name, spoken
from communities.rules.quiet import is_quiet, next_loud
from communities.rules.retries import Again, again

PARCEL = Parcel("7:sms", "+8612000000001", "", "hello")
NOW = datetime(2026, 4, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (httpx.Response(200, json={"results": [{"id": "7:sms", "ref": "r", "status": "accepted"}]}), Result.SENT),
        (httpx.Response(200, json={"results": [{"id": "7:sms", "status": "rejected", "reason": "x"}]}), Result.FAILED),
        (httpx.Response(200, json={"results": []}), Result.RETRY),
        (httpx.Response(200, json=[]), Result.RETRY),
        (httpx.Response(200, text="<html>"), Result.RETRY),
        (httpx.Response(302, headers={"Location": "http://169.254.169.254/"}), Result.RETRY),
        (httpx.Response(401), Result.RETRY),
        (httpx.Response(503), Result.RETRY),
    ],
)
def test_what_the_gateway_answers_decides(answer, result):
    gateway = httpx.Client(transport=httpx.MockTransport(lambda _request: answer), base_url="http://gateway")
    assert [one.result for one in sms.hand_over(gateway, [PARCEL])] == [result]


def test_without_a_gateway_nothing_is_sent_now(settings):
    settings.SMS_GATEWAY_URL = ""
    assert (sms.channel.available(), sms.send_now("+8612000000001", "123456").result) == (False, Result.FAILED)


def test_calls_side_by_side_answer_for_every_parcel_and_survive_one_that_breaks():
    parcels = [Parcel(str(number), "", "", "") for number in range(10)]

    def call(some):
        if some[0].id == "4":
            raise ZeroDivisionError
        return [sms.Outcome(parcel.id, Result.SENT) for parcel in some]

    found = [(one.id, one.result) for one in side_by_side(parcels, call, size=2, in_flight=3)]
    assert found == [(str(n), Result.RETRY if n in (4, 5) else Result.SENT) for n in range(10)]


def test_what_is_not_begun_in_time_is_untried():
    found = side_by_side([PARCEL] * 3, lambda some: 1 / 0, size=1, in_flight=1, seconds=-1)
    assert [one.result for one in found] == [Result.UNTRIED] * 3


SECRET = "SEC0001"


def test_each_robot_gets_the_shape_of_its_product():
    """Signatures computed with another implementation (OpenSSL)."""
    assert SHAPES["wecom"].pack("hello", "", 1.7) == ({}, {"msgtype": "text", "text": {"content": "hello"}})
    query, body = SHAPES["dingtalk"].pack("hello", SECRET, 1700000000.5)
    assert query == {"timestamp": "1700000000500", "sign": "UfYjJN9WivZHt0HPz2u1HYDg1oSM16z4V9iEHaRIIM4="}
    assert body == {"msgtype": "text", "text": {"content": "hello"}}
    query, body = SHAPES["feishu"].pack("hello", SECRET, 1700000000.5)
    assert (query, body["timestamp"], body["sign"]) == (
        {},
        "1700000000",
        "pEz2hZLCk1bHueAhb5lqfIL8bsGFvmLrkUkrA3Bs81Y=",
    )
    assert (body["msg_type"], body["content"]) == ("text", {"text": "hello"})


def test_a_group_cannot_be_rung_by_a_tag_in_the_text():
    _query, body = SHAPES["feishu"].pack('<at user_id="all"></at>', "", 0)
    assert "<" not in body["content"]["text"]


HOSTS = SHAPES["wecom"].hosts


@pytest.mark.parametrize(
    ("address", "fine"),
    [
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k", True),
        ("https://qyapi.weixin.qq.com:443/x", True),
        ("http://qyapi.weixin.qq.com/x", False),
        ("https://qyapi.weixin.qq.com:8443/x", False),
        ("https://me@qyapi.weixin.qq.com/x", False),
        ("https://qyapi.weixin.qq.com@127.0.0.1/x", False),
        ("https://qyapi.weixin.qq.com.example.org/x", False),
        ("https://oapi.dingtalk.com/x", False),
        ("https://127.0.0.1/x", False),
        ("https://[::1]/x", False),
        ("https://169.254.169.254/x", False),
        ("file:///etc/passwd", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_a_webhook_reaches_nothing_but_its_product(settings, address, fine):
    settings.DEMO = False
    assert robot.allowed(address, HOSTS) is fine


def test_only_the_demo_may_talk_to_its_own_gateway(settings):
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:8001"
    for settings.DEMO in (True, False):
        assert robot.allowed("http://127.0.0.1:8001/robot/wecom?key=k", HOSTS) is settings.DEMO
        assert robot.allowed("http://127.0.0.1:8002/robot/wecom?key=k", HOSTS) is False


@pytest.mark.parametrize(
    ("style", "answer", "result"),
    [
        ("wecom", {"errcode": 0}, Result.SENT),
        ("wecom", {"errcode": 45009}, Result.RETRY),
        ("wecom", {"errcode": 93000}, Result.FAILED),
        ("dingtalk", {"errcode": 130101}, Result.RETRY),
        ("dingtalk", {"errcode": 310000}, Result.FAILED),
        ("feishu", {"code": 0}, Result.SENT),
        ("feishu", {"code": 11232}, Result.RETRY),
        ("feishu", {"code": 19021}, Result.FAILED),
        ("feishu", [], Result.FAILED),
    ],
)
def test_what_a_robot_answers_decides(style, answer, result):
    web = httpx.Client(transport=httpx.MockTransport(lambda _request: httpx.Response(200, json=answer)))
    address = f"https://{min(SHAPES[style].hosts)}/hook?key=k"
    assert robot.say_one(web, Parcel("1:robot", address, "", "hello", style)).result == result


def test_a_signed_address_keeps_its_key():
    seen = []
    web = httpx.Client(
        transport=httpx.MockTransport(lambda request: seen.append(request) or httpx.Response(200, json={"errcode": 0}))
    )
    robot.say_one(
        web, Parcel("1:robot", "https://oapi.dingtalk.com/robot/send?access_token=t", "", "hi", "dingtalk", SECRET)
    )
    assert sorted(seen[0].url.params) == ["access_token", "sign", "timestamp"]
    assert json.loads(seen[0].content)["text"] == {"content": "hi"}


BODY = b'{"events": []}'
STAMP = str(int(NOW.timestamp()))


@pytest.mark.parametrize(
    ("stamp", "signature", "body", "fine"),
    [
        (STAMP, sign("s", STAMP, BODY), BODY, True),
        (STAMP, sign("s", STAMP, BODY), BODY + b" ", False),
        (STAMP, sign("other", STAMP, BODY), BODY, False),
        (STAMP, "", BODY, False),
        (STAMP, "v1=é", BODY, False),
        ("", sign("s", "", BODY), BODY, False),
        ("soon", sign("s", "soon", BODY), BODY, False),
        ("１", sign("s", "１", BODY), BODY, False),
    ],
)
def test_a_callback_is_genuine_with_the_signature_over_time_and_body(stamp, signature, body, fine):
    assert genuine("s", stamp, signature, body, NOW) is fine


@pytest.mark.parametrize(("seconds", "fine"), [(-301, False), (-300, True), (300, True), (301, False)])
def test_a_callback_is_good_for_five_minutes(seconds, fine):
    stamp = str(int(NOW.timestamp()) + seconds)
    assert genuine("s", stamp, sign("s", stamp, BODY), BODY, NOW) is fine


def test_without_a_secret_no_callback_is_genuine():
    assert genuine("", STAMP, sign("", STAMP, BODY), BODY, NOW) is False


def test_retries_wait_longer_each_time_then_change_the_channel_and_end_after_five():
    both = ["sms", "email"]
    waits = [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(0)]
    expected = [Again("sms", wait) for wait in waits[:3]] + [Again("email", waits[3]), None]
    assert [again(attempt, "sms", both, for_good=False) for attempt in range(1, 6)] == expected
    assert again(4, "sms", ["sms"], for_good=False) == Again("sms", timedelta(minutes=15))
    assert again(1, "sms", both, for_good=True) == Again("email", timedelta(0))
    assert again(1, "email", both, for_good=True) is None
    assert again(1, "sms", ["email"], for_good=True) is None


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("王安然", "安然"),
        ("欧阳明月", "明月"),
        ("王伟", "伟"),
        ("王", "王"),
        ("欧阳", "欧阳"),
        ("Demo Volunteer 07", "Demo"),
        ("Anne-Marie O’Neil", "Anne-Marie"),
        ("Ірина Шевченко", "Ірина"),
        ("王演示0031", "演示0031"),
        ("http://evil.example/x", "http"),
        ("<script>alert(1)</script>", "script"),
        ("=HYPERLINK(1)", "HYPERLINK"),
        ("😀", ""),
        ("\u202e安王", "王"),
        ("", ""),
        ("x" * 120, "x" * 20),
    ],
)
def test_the_first_name_is_what_a_neighbour_would_say(name, first):
    assert first_name(name) == first


@given(some.text())
def test_what_is_spoken_is_one_harmless_line(text):
    assert not set(spoken(text)) & set("\n\r\t\x00\u202e\u200b\u2028")
    assert len(spoken(text)) <= 60


ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"]
instants = some.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=some.just(UTC))
clocks = some.times().map(lambda clock: clock.replace(second=0, microsecond=0))


@given(instants, some.sampled_from(ZONES).map(ZoneInfo), clocks, clocks)
def test_the_next_loud_instant_is_loud_near_and_the_first_one(instant, zone, start, end):
    loud = next_loud(instant, zone, start, end)
    assert instant <= loud <= instant + timedelta(hours=25)
    if loud > instant:
        assert is_quiet(instant, zone, start, end)
        wall = loud.astimezone(UTC).astimezone(zone)
        assert (wall.time() == end) or wall.utcoffset() != instant.astimezone(zone).utcoffset()


def test_quiet_hours_over_midnight_end_in_the_morning_and_others_on_the_same_day():
    night, noon = (time(22), time(6)), (time(12), time(14))
    shanghai = ZoneInfo("Asia/Shanghai")
    at = lambda hour, day=4: datetime(2026, 4, day, hour, tzinfo=shanghai)  # noqa: E731
    assert [next_loud(at(hour), shanghai, *night) for hour in (21, 22, 23)] == [at(21), at(6, 5), at(6, 5)]
    assert [next_loud(at(hour), shanghai, *night) for hour in (0, 5, 6)] == [at(6), at(6), at(6)]
    assert [next_loud(at(hour), shanghai, *noon) for hour in (11, 12, 13, 14)] == [at(11), at(14), at(14), at(14)]
