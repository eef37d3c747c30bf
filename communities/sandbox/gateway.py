"""The sandbox over HTTP: the SMS gateway, the group robots, the inbox and the switches that make it fail.

POST /v1/messages          {"messages": [{"id", "to", "text"}]} with a bearer secret
POST /robot/wecom?key=     /robot/dingtalk?access_token=     /robot/feishu/TOKEN
POST /faults               {"mode": "ok" | "500" | "slow" | "twice" | "reject", "seconds": 2}
POST /webhooks             what Redvest tells other systems, signed with the secret in the demo's file
GET  /  /codes  /webhooks  /messages.json?to=
"""

import hmac
import json
import re
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from communities.sandbox import codes, pages, webhooks
from communities.sandbox.box import Box, Letter
from communities.sandbox.callbacks import Callbacks
from communities.sandbox.robots import ROBOTS, text_of

PHONE = re.compile(r"\+[1-9]\d{6,14}")
LARGEST = 8 * 2**20  # bytes of one request
MODES = ("ok", "500", "slow", "twice", "reject")


@dataclass
class Faults:
    mode: str = "ok"
    seconds: float = 2.0


class Gateway(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self, address: tuple[str, int], box: Box, secret: str, callbacks: Callbacks | None, accounts: Path | None = None
    ) -> None:
        super().__init__(address, Handler)
        self.box, self.secret, self.callbacks, self.accounts = box, secret, callbacks, accounts
        self.faults = Faults()


class Handler(BaseHTTPRequestHandler):
    server: Gateway
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        found = {"/": self.show_inbox, "/codes": self.show_codes, "/messages.json": self.list_messages}
        self.answer_with((found | {"/webhooks": self.show_webhooks}).get(self.path_only))

    def do_POST(self) -> None:
        self.body = self.read_body()
        if self.path_only.startswith("/robot/"):
            self.answer_with(self.take_robot)
        else:
            found = {"/v1/messages": self.take_messages, "/faults": self.set_faults, "/webhooks": self.take_webhook}
            self.answer_with(found.get(self.path_only))

    def answer_with(self, door: Callable[[], None] | None) -> None:
        if door:
            door()
        else:
            self.send_json(404, {"error": "not found"})

    # What is sent

    def take_messages(self) -> None:
        if not hmac.compare_digest(self.headers.get("Authorization", ""), f"Bearer {self.server.secret}"):
            return self.send_json(401, {"error": "wrong secret"})
        if self.is_failing():
            return self.send_json(500, {"error": "the gateway is out of order"})
        try:
            letters = [Letter("sms", one["to"], one["text"], id=one["id"]) for one in json.loads(self.body)["messages"]]
        except (ValueError, KeyError, TypeError):
            return self.send_json(400, {"error": "messages: a list of {id, to, text}"})
        return self.send_json(200, {"results": self.accept(letters)})

    def accept(self, letters: list[Letter]) -> list[dict[str, str]]:
        reasons = [self.refusal(letter) for letter in letters]
        stored = iter(self.server.box.put(one for one, why in zip(letters, reasons, strict=True) if not why))
        results, taken = [], []
        for letter, why in zip(letters, reasons, strict=True):
            if not why:
                taken.append(letter := next(stored))
            results.append(
                {"id": letter.id, "ref": letter.ref, "status": "rejected" if why else "accepted", "reason": why}
            )
        if self.server.callbacks and taken:
            self.server.callbacks.report(taken, times=lambda: 2 if self.server.faults.mode == "twice" else 1)
        return results

    def refusal(self, letter: Letter) -> str:
        if self.server.faults.mode == "reject":
            return "refused by the operator"
        return "" if PHONE.fullmatch(letter.to) else "not a phone number"

    def take_robot(self) -> None:
        _, _, name, *rest = self.path_only.split("/")
        robot = ROBOTS.get(name)
        group = "/".join(rest) if robot and not robot.key else self.parameter(robot.key if robot else "")
        if not robot or not group:
            return self.send_json(404, {"error": "no such robot"})
        if self.is_failing():
            return self.send_json(500, {"error": "the robot is out of order"})
        try:
            text = text_of(robot, json.loads(self.body))
        except ValueError:
            text = None
        if text is None or self.server.faults.mode == "reject":
            return self.send_json(200, robot.refusal)
        self.server.box.put([Letter(robot.name, group, text)])
        return self.send_json(200, robot.welcome)

    def take_webhook(self) -> None:
        if self.is_failing():
            return self.send_json(500, {"error": "the receiver is out of order"})
        headers = {name.lower(): text for name, text in self.headers.items()}
        if not webhooks.genuine(webhooks.secret(self.server.accounts), headers, self.body, time.time()):
            return self.send_json(401, {"error": "not signed with the secret, or too old"})
        told = json.loads(self.body)
        text = json.dumps(told, ensure_ascii=False, indent=1)
        self.server.box.put([Letter("webhook", told["type"], text, id=self.headers["webhook-id"])])
        return self.send_json(200, {"ok": True})

    # What is shown

    def show_inbox(self) -> None:
        to = self.parameter("to").strip()
        self.send_html(pages.inbox(self.server.box.newest(to), len(self.server.box), to, self.language))

    def show_webhooks(self) -> None:
        self.send_html(pages.webhooks(self.server.box.newest(channel="webhook"), self.language))

    def show_codes(self) -> None:
        now = time.time()
        self.send_html(pages.authenticator(codes.accounts(self.server.accounts, now), now, self.language))

    def list_messages(self) -> None:
        to = self.parameter("to")
        found = self.server.box.newest(to, exact=bool(to), limit=int(self.parameter("limit") or 1000))
        self.send_json(200, {"messages": [asdict(letter) for letter in found], "total": len(self.server.box)})

    # What goes wrong on request

    def set_faults(self) -> None:
        try:
            wanted = json.loads(self.body)
            mode, seconds = wanted["mode"], float(wanted.get("seconds", 2))
        except (ValueError, KeyError, TypeError):
            mode, seconds = None, 0.0
        if mode not in MODES:
            return self.send_json(400, {"error": f"mode: one of {', '.join(MODES)}"})
        self.server.faults = Faults(mode, seconds)
        return self.send_json(200, asdict(self.server.faults))

    def is_failing(self) -> bool:
        """Waits first when the gateway is slow."""
        if self.server.faults.mode == "slow":
            time.sleep(self.server.faults.seconds)
        return self.server.faults.mode == "500"

    # The protocol

    @property
    def path_only(self) -> str:
        return urlsplit(self.path).path

    def parameter(self, name: str) -> str:
        return parse_qs(urlsplit(self.path).query).get(name, [""])[0]

    @property
    def language(self) -> str:
        asked = self.parameter("lang") or self.headers.get("Accept-Language", "zh")
        return "en" if asked.lower().startswith("en") else "zh"

    def read_body(self) -> bytes:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST:
            self.close_connection = True
            return b""
        return self.rfile.read(length)

    def send_json(self, status: int, value: Any) -> None:
        self.send_bytes(status, "application/json", json.dumps(value, ensure_ascii=False).encode())

    def send_html(self, text: str) -> None:
        self.send_bytes(200, "text/html; charset=utf-8", text.encode())

    def send_bytes(self, status: int, kind: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (its name there)
        """Silent: the inbox itself is the log."""
