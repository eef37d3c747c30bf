import json
import smtplib
import threading
import time
from contextlib import contextmanager
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Empty, Queue

import httpx
import pytest

from communities.channels.robot.shapes import SHAPES
from communities.channels.sms.signing import sign
from communities.channels.webhook.signing import headers, new_secret
from communities.sandbox import codes, pages
from communities.sandbox.box import Box, Letter
from communities.sandbox.callbacks import Callbacks
from communities.sandbox.gateway import Gateway
from communities.sandbox.mail import mail_server
from deploy.servers import free_port

SECRET = "a-secret"
HOOK_SECRET = new_secret()
ADA, BAO = "+8612000000001", "+8612000000002"


@contextmanager
def served(server):
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Redvest(BaseHTTPRequestHandler):
    """Takes delivery reports; refuses as many as it is told to."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.refusals:
            self.server.refusals -= 1
            self.send_error(503)
            return
        self.server.reports.put((self.path, dict(self.headers), body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def redvest():
    server = HTTPServer(("127.0.0.1", 0), Redvest)
    server.reports, server.refusals = Queue(), 0
    with served(server):
        yield server


@pytest.fixture
def accounts(tmp_path):
    file = tmp_path / "demo.json"
    file.write_text(
        json.dumps(
            {
                "accounts": [{"role": "Desk", "login": ADA, "password": "pw", "totp": "GEZDGNBVGY3TQOJQ"}],
                "webhook_secret": HOOK_SECRET,
            }
        )
    )
    return file


@pytest.fixture
def gateway(redvest, accounts):
    callbacks = Callbacks(f"http://127.0.0.1:{redvest.server_port}", SECRET, delay=0)
    with served(Gateway(("127.0.0.1", 0), Box(), SECRET, callbacks, accounts)) as server:
        yield server


@pytest.fixture
def web(gateway):
    headers = {"Authorization": f"Bearer {SECRET}"}
    with httpx.Client(base_url=f"http://127.0.0.1:{gateway.server_port}", headers=headers, trust_env=False) as client:
        yield client


def send(web, *messages):
    return web.post("/v1/messages", json={"messages": list(messages)})


def message(key, to=ADA, text="Tonight at 21:30"):
    return {"id": key, "to": to, "text": text}


def stored(web, to=""):
    return [
        (one["channel"], one["to"], one["text"])
        for one in web.get("/messages.json", params={"to": to}).json()["messages"]
    ]


def test_a_batch_is_answered_message_by_message(web):
    answer = send(web, message("1"), message("2", to="12345"), message("3", to=BAO))

    assert answer.status_code == 200
    assert [(one["id"], one["status"], one["reason"]) for one in answer.json()["results"]] == [
        ("1", "accepted", ""),
        ("2", "rejected", "not a phone number"),
        ("3", "accepted", ""),
    ]
    assert [to for _, to, _ in stored(web)] == [BAO, ADA]


def test_the_same_key_again_is_the_same_message(web):
    first = send(web, message("1")).json()["results"][0]["ref"]
    again = send(web, message("1"), message("2")).json()["results"]

    assert [again[0]["ref"] == first, again[1]["ref"] == first] == [True, False]
    assert len(stored(web)) == 2


def test_a_wrong_secret_is_turned_away(web):
    answer = web.post("/v1/messages", json={"messages": [message("1")]}, headers={"Authorization": "Bearer other"})

    assert (answer.status_code, stored(web)) == (401, [])


@pytest.mark.parametrize("body", [b"nonsense", b"{}", b'{"messages": [{"id": "1"}]}'])
def test_a_call_in_another_shape_stores_nothing(web, body):
    assert (web.post("/v1/messages", content=body).status_code, stored(web)) == (400, [])


def test_a_delivery_is_reported_back_signed(web, redvest):
    ref = send(web, message("1")).json()["results"][0]["ref"]

    path, headers, body = redvest.reports.get(timeout=5)

    event = json.loads(body)["events"][0]
    assert path == "/hooks/sms/"
    assert (event["ref"], event["id"], event["status"]) == (ref, "1", "delivered")
    assert headers["X-Redvest-Signature"] == sign(SECRET, headers["X-Redvest-Timestamp"], body)


def test_a_report_that_is_not_taken_is_tried_again(web, redvest):
    redvest.refusals = 2
    send(web, message("1"))

    _, _, body = redvest.reports.get(timeout=5)

    assert (json.loads(body)["events"][0]["id"], redvest.refusals) == ("1", 0)


def test_faults_can_be_switched_on_and_off(web, redvest):
    web.post("/faults", json={"mode": "500"})
    broken = send(web, message("1")).status_code
    web.post("/faults", json={"mode": "reject"})
    rejected = send(web, message("1")).json()["results"][0]["status"]
    web.post("/faults", json={"mode": "slow", "seconds": 0.2})
    slow = send(web, message("1")).elapsed.total_seconds()
    web.post("/faults", json={"mode": "ok"})

    assert (broken, rejected, slow >= 0.2) == (500, "rejected", True)
    assert send(web, message("2")).json()["results"][0]["status"] == "accepted"
    assert len(stored(web)) == 2
    assert web.post("/faults", json={"mode": "unheard of"}).status_code == 400


def test_deliveries_can_be_reported_twice(web, redvest):
    web.post("/faults", json={"mode": "twice"})
    send(web, message("1"))

    first, second = redvest.reports.get(timeout=5), redvest.reports.get(timeout=5)

    assert first[2] == second[2]
    with pytest.raises(Empty):
        redvest.reports.get(timeout=0.1)


@pytest.mark.parametrize(
    ("name", "address", "group"),
    [
        ("wecom", "/robot/wecom?key=night", "night"),
        ("dingtalk", "/robot/dingtalk?access_token=night", "night"),
        ("feishu", "/robot/feishu/night", "night"),
    ],
)
def test_a_robot_takes_the_shape_that_the_channel_sends(web, name, address, group):
    query, body = SHAPES[name].pack("2 seats open", "secret", 1.0)

    answer = web.post(httpx.URL(address).copy_merge_params(query), json=body).json()

    assert answer.get("errcode", answer.get("code")) == 0
    assert stored(web) == [(name, group, "2 seats open")]


@pytest.mark.parametrize(
    ("address", "body", "text"),
    [
        ("/robot/wecom?key=k", {"msgtype": "markdown", "markdown": {"content": "**a**"}}, "**a**"),
        ("/robot/dingtalk?access_token=k", {"msgtype": "markdown", "markdown": {"title": "t", "text": "b"}}, "t\nb"),
        (
            "/robot/feishu/k",
            {
                "msg_type": "post",
                "content": {"post": {"zh_cn": {"title": "t", "content": [[{"tag": "text", "text": "b"}]]}}},
            },
            "t\nb",
        ),
    ],
)
def test_a_robot_takes_markdown_too(web, address, body, text):
    web.post(address, json=body)

    assert [one[2] for one in stored(web)] == [text]


@pytest.mark.parametrize("address", ["/robot/wecom?key=k", "/robot/dingtalk?access_token=k", "/robot/feishu/k"])
def test_a_robot_refuses_another_shape_in_its_own_words(web, address):
    answer = web.post(address, json={"msgtype": "hologram"})

    assert answer.status_code == 200
    assert answer.json().get("errcode", answer.json().get("code")) != 0
    assert stored(web) == []


def test_the_inbox_shows_newest_first_with_links_that_work(web):
    send(web, message("1", text="first"), message("2", to=BAO, text="Come: http://127.0.0.1:8000/a/x?y=1&z=2。<b>"))

    page = web.get("/", params={"lang": "en"}).text

    assert page.index(BAO) < page.index(ADA)
    assert '<a href="http://127.0.0.1:8000/a/x?y=1&amp;z=2">' in page
    assert "。&lt;b&gt;" in page
    assert "script" not in page


def test_the_inbox_can_be_asked_for_one_person(web):
    send(web, message("1", text="for Ada"), message("2", to=BAO, text="for Bao"))

    page = web.get("/", params={"to": "0000002"}, headers={"Accept-Language": "zh-CN"}).text

    assert ("for Bao" in page, "for Ada" in page, "演示收件箱" in page) == (True, False, True)
    assert stored(web, BAO) == [("sms", BAO, "for Bao")]


def test_a_webhook_is_shown_once_if_its_signature_is_genuine(web):
    body, now = b'{"type":"sign-up.confirmed","data":{"sign_up":7}}', int(time.time())
    good, old = headers("hap_1", body, [HOOK_SECRET], now), headers("hap_2", body, [HOOK_SECRET], now - 301)
    calls = [
        (good, body),
        (good, body),
        (old, body),
        (good, body + b" "),
        ({}, body),
        (good | {"webhook-id": "x"}, body),
    ]
    assert [web.post("/webhooks", content=said, headers=how).status_code for how, said in calls] == [
        200,
        200,
        *[401] * 4,
    ]
    page = web.get("/webhooks", params={"lang": "en"}).text
    assert page.count("sign-up.confirmed</b>") == 1
    assert "Webhook, signature verified" in page
    web.post("/faults", json={"mode": "500"})
    assert web.post("/webhooks", content=body, headers=good).status_code == 500


def test_the_authenticator_shows_the_code_of_each_account(web):
    page = web.get("/codes").text

    assert (ADA in page, ">pw<" in page) == (True, True)


@pytest.mark.parametrize(("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")])
def test_codes_are_those_of_rfc_6238(seconds, code):
    assert codes.code("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", seconds) == code


def test_both_languages_have_the_same_words():
    assert pages.CHINESE.keys() == pages.ENGLISH.keys()


def test_mail_is_delivered_into_the_same_inbox():
    box, port = Box(), free_port()
    mail = mail_server(box, "127.0.0.1", port)
    mail.start()
    try:
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = "noreply@example.org", "bao@example.org", "今晚的班次"
        letter.set_content("21点30分，凤园西一区东门")
        with smtplib.SMTP("127.0.0.1", port, timeout=5) as client:
            client.send_message(letter)
    finally:
        mail.stop()

    assert [(one.channel, one.to, one.text) for one in box.newest()] == [
        ("email", "bao@example.org", "今晚的班次\n21点30分，凤园西一区东门")
    ]


def test_what_was_sent_survives_a_restart_even_a_torn_last_line(tmp_path):
    file = tmp_path / "sent.jsonl"
    box = Box(file)
    ref = box.put([Letter("sms", ADA, "早", id="1")])[0].ref
    box.close()
    with file.open("a") as torn:
        torn.write('{"channel": "sm')

    again = Box(file)

    assert [one.text for one in again.newest()] == ["早"]
    assert again.put([Letter("sms", ADA, "早", id="1")])[0].ref == ref
    assert again.put([Letter("sms", ADA, "晚", id="2")])[0].ref != ref
    again.close()
    assert [one.text for one in Box(file).newest()] == ["晚", "早"]


def test_the_box_is_bounded():
    box = Box(bound=3)
    box.put(Letter("sms", ADA, str(number), id=str(number)) for number in range(5))

    assert [one.text for one in box.newest()] == ["4", "3", "2"]
