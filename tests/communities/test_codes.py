"""One-time codes: sent, typed back once, soon, and not guessed (domain.md 4.4)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from communities import limits
from communities.actions import codes
from communities.actions.codes import Purpose
from communities.channels.parcels import Outcome, Result
from communities.errors import Busy, Refused, TooMany

NOW = datetime(2022, 4, 3, 20, 0, tzinfo=UTC)
PHONE = "+8612000000077"
IP = "203.0.113.7"


def send(phone=PHONE, now=NOW, ip=IP, purpose=Purpose.SIGN_UP):
    codes.send_code(phone, purpose, ip, now)


def check(code, now=NOW, phone=PHONE, purpose=Purpose.SIGN_UP):
    codes.check_code(phone, code, purpose, now)


def refusal(code, now=NOW, **more):
    with pytest.raises(Refused) as found:
        check(code, now, **more)
    return found.value.code


def test_the_code_that_was_sent_is_right_once(texts):
    send()
    check(texts.code(PHONE))
    assert refusal(texts.code(PHONE)) == "code_expired"


def test_a_code_has_six_digits_and_says_how_long_it_is_good(texts):
    send()
    assert len(texts.code(PHONE)) == 6
    assert "10" in texts.to(PHONE)[-1]


def test_a_wrong_code_is_wrong_and_leaves_the_right_one_good(texts):
    send()
    assert refusal(wrong(texts.code(PHONE))) == "code_wrong"
    check(texts.code(PHONE))


def test_a_code_is_late_after_ten_minutes(texts):
    send()
    assert refusal(texts.code(PHONE), NOW + codes.LIFE) == "code_expired"


def test_a_code_is_good_until_then(texts):
    send()
    check(texts.code(PHONE), NOW + codes.LIFE - timedelta(seconds=1))


def test_after_five_wrong_tries_the_right_code_is_dead_too(texts):
    send()
    code = texts.code(PHONE)
    assert [refusal(wrong(code)) for _try in range(5)] == ["code_wrong"] * 5
    assert refusal(code) == "code_expired"


def test_a_new_code_takes_the_place_of_the_old_one(texts):
    send()
    old = texts.code(PHONE)
    forget_limits()
    send()
    assert old != texts.code(PHONE)
    assert refusal(old) == "code_wrong"
    check(texts.code(PHONE))


def test_a_code_of_one_phone_is_nothing_for_another(texts):
    send()
    assert refusal(texts.code(PHONE), phone="+8612000000078") == "code_expired"


def test_a_code_for_signing_up_does_not_sign_in(texts):
    send()
    assert refusal(texts.code(PHONE), purpose=Purpose.SIGN_IN) == "code_expired"
    check(texts.code(PHONE))


def test_a_code_typed_four_times_at_once_is_used_once(texts):
    send()
    code = texts.code(PHONE)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _try: outcome(lambda: check(code)), range(4)))
    assert sorted(found) == ["code_expired"] * 3 + ["right"]


def test_a_phone_gets_one_code_in_forty_five_seconds(texts):
    send()
    with pytest.raises(TooMany) as found:
        send()
    assert 0 < found.value.retry_after <= 45
    assert len(texts.to(PHONE)) == 1


def test_a_phone_gets_five_codes_an_hour(texts):
    for _code in range(5):
        send()
        forget_limits()
    with pytest.raises(TooMany) as found:
        send()
    assert 45 < found.value.retry_after <= 3600
    assert len(texts.to(PHONE)) == 5


def test_asking_too_soon_uses_nothing_up(texts):
    send()
    for _try in range(20):
        with pytest.raises(TooMany):
            send()
    forget_limits()
    send()
    assert len(texts.to(PHONE)) == 2


def test_one_address_gets_codes_for_so_many_phones_an_hour(texts, monkeypatch):
    monkeypatch.setattr(codes, "PER_ORIGIN", limits.Limit("code-origin", 3, 3600))
    for number in range(3):
        send(phone=f"+861200000010{number}")
    with pytest.raises(TooMany):
        send(phone="+8612000000109")
    send(phone="+8612000000109", ip="203.0.113.8")
    assert len(texts.sent) == 4


def test_without_redis_no_code_is_sent_and_none_is_right(texts, no_redis):
    with pytest.raises(Busy):
        send()
    with pytest.raises(Busy):
        check("000000")
    assert texts.sent == []


def test_a_code_that_the_gateway_does_not_take_is_said_so(texts):
    texts.result = Outcome("", Result.FAILED, reason="rejected")
    with pytest.raises(Refused) as found:
        send()
    assert found.value.code == "code_not_sent"


def test_redis_holds_neither_phone_nor_code_nor_address(texts):
    send()
    held = everything_in_redis()
    assert held
    assert [word for word in (PHONE, PHONE[3:], texts.code(PHONE), IP) if word.encode() in held] == []


def test_a_code_goes_to_a_mailbox_too(mailoutbox, texts):
    codes.send_code("demo@example.org", Purpose.SIGN_IN, IP, NOW)
    assert (len(mailoutbox), mailoutbox[0].to, texts.sent) == (1, ["demo@example.org"], [])


def outcome(work):
    try:
        work()
    except Refused as refused:
        return refused.code
    return "right"


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06}"


def forget_limits(kind="code-soon"):
    for key in limits.client().scan_iter(f"redvest-test:{kind}:*"):
        limits.client().delete(key)


def everything_in_redis():
    redis = limits.client()
    found = []
    for key in redis.scan_iter("redvest-test:*"):
        found += [key, redis.dump(key) or b""]
        if redis.type(key) == b"hash":
            found += [part for pair in redis.hgetall(key).items() for part in pair]
    return b"\n".join(found)


def test_a_client_of_the_store_that_goes_closes_no_connection_that_is_in_use(clean_redis):
    used = limits.connections().get_connection()
    used.send_command("PING")
    limits.client().close()
    assert used.read_response() == b"PONG"
    limits.connections().release(used)


def test_processes_tell_the_store_in_portions_and_count_as_one(clean_redis):
    here, there = limits.Tally("shared"), limits.Tally("shared")
    assert [here.count("one", 7, portion=1) for _request in range(3)] == [1, 2, 3]
    assert there.count("one", 7, portion=1) == 4
    assert [here.count("two", 7, portion=5) for _request in range(5)] == [1, 2, 3, 4, 5]
    assert [there.count("two", 7, portion=5) for _request in range(6)] == [1, 2, 3, 4, 10, 11]
    assert here.count("two", 8, portion=5) == 1
    for key in limits.client().scan_iter("*:shared:*"):
        assert 0 < limits.client().ttl(key) <= 120
