"""The system under measurement: its own PostgreSQL and Valkey, and granian with 2 workers."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

import psutil

from deploy import keys, prepare, servers
from deploy.processes import Child, Crew

HOME = Path(__file__).resolve().parent.parent
PORT = servers.free_port()
LIMIT_PORT = servers.free_port()
GATEWAY_PORT = servers.free_port()


class System:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.crew = Crew()
        secrets = keys.kept(folder / "secrets.env", used_by=folder / "postgres")
        self.environment = {
            **secrets,
            "DATABASE_URL": servers.start_postgres(self.crew, folder / "postgres", log=folder / "postgres.log"),
            "REDIS_URL": servers.start_valkey(
                self.crew, folder / "valkey", log=folder / "valkey.log", password=secrets["VALKEY_PASSWORD"]
            ),
            "PUBLIC_URL": f"http://127.0.0.1:{PORT}",
            "SMS_GATEWAY_URL": f"http://127.0.0.1:{GATEWAY_PORT}",
            "SMS_GATEWAY_SECRET": secrets.get("SMS_GATEWAY_SECRET", "bench"),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "API_PER_MINUTE": "100000000",
            "LOG_LEVEL": "WARNING",
            "DEMO": "1",
        }
        os.environ |= self.environment

    def prepare(self) -> None:
        """The database as the newest migrations want it, and Django ready in this process."""
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command

        call_command("catalogues", "compile", verbosity=0)
        call_command("migrate", verbosity=0)
        with redirect_stdout(sys.stderr):
            prepare.collect(Path(settings.STATIC_ROOT))

    @contextmanager
    def serving(self, app: str = "", port: int = PORT, **environment: str) -> Iterator[Child]:
        """The web server as in production, on 127.0.0.1; or another application, on granian alone."""
        bare = ["granian", "--interface", "wsgi", "--blocking-threads", "4", app]
        command = [sys.executable, "-m", *(bare if app else ["deploy.web"]), "--workers", "2"]
        command += ["--host", "127.0.0.1", "--port", str(port), "--log-level", "warning", "--no-ws"]
        whole = dict(os.environ) | self.environment | environment
        child = self.crew.start("web", command, folder=HOME, environment=whole, log=self.folder / "web.log")
        try:
            wait_for_port(child, port)
            yield child
        finally:
            child.process.terminate()
            self.crew.wait(child)

    def stop(self) -> None:
        self.crew.stop()


def wait_for_port(child: Child, port: int) -> None:
    import socket

    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if not child.running:
            break
        time.sleep(0.1)
    sys.exit(f"The web server did not start:\n{child.last_words(30)}")


def worker_memory(child: Child) -> float:
    """Proportional set size of the largest web worker, in MiB."""
    workers = psutil.Process(child.process.pid).children(recursive=True)
    return max((process.memory_full_info().pss for process in workers), default=0) / 2**20


@contextmanager
def running() -> Iterator[System]:
    with tempfile.TemporaryDirectory(prefix="redvest-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        system = System(folder)
        try:
            system.prepare()
            yield system
        finally:
            system.stop()


def commit() -> str:
    return subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=HOME, capture_output=True, text=True
    ).stdout.strip()
