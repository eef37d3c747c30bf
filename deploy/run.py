"""`make run`: Redvest with its demo on this machine, until Ctrl-C.

Reads PORT, HOST, DATABASE_URL, REDIS_URL and every variable of docs/operating.md. What is not given is made
here, with its data in .data/. Ends with 0 when asked to stop, 1 when a part died, 2 when it could not start.
"""

import fcntl
import http.client
import os
import shlex
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from deploy import checks, keys, processes, servers, story
from deploy.processes import Crew, PartDiedError, Roll
from deploy.progress import StartError, step

HOME = Path(__file__).resolve().parent.parent
DATA = HOME / os.environ.get("DATA_FOLDER", ".data")
LOGS = DATA / "log"
PYTHON = sys.executable
QUEUES = "callup,messages,default,digest,webhooks,matching"
PATIENCE = 90  # seconds for the web server to answer
EVERYWHERE = ("0.0.0.0", "::")


@dataclass(frozen=True)
class Part:
    name: str
    command: list[str]
    niceness: int = 0
    may_end: bool = False


@dataclass
class Launcher:
    host: str
    port: int
    environment: dict[str, str]
    started: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.roll = Roll(DATA / "children.json", HOME)
        self.crew = Crew(self.roll)

    def run(self) -> None:
        with locked(self.port):
            try:
                self.check()
                self.start()
                print(story.told(self.environment, DATA / "demo.json", time.monotonic() - self.started), flush=True)
                self.watch()
            except KeyboardInterrupt:
                print(flush=True)
            finally:
                self.stop()

    def check(self) -> None:
        self.roll.stop_leftovers()
        with step("Checking the port and the given servers"):
            checks.port_is_free(self.host, self.port)
            checks.given_servers(self.environment)

    def start(self) -> None:
        self.start_servers()
        self.environment = addresses(self.host, self.port) | self.environment
        remember(self.environment)
        self.prepare()
        with step("Starting the web server and the demo inbox"):
            self.start_parts(web(self.host, self.port, self.environment))
            self.wait_for_web()
        with step("Starting the worker and its clock"):
            self.start_parts(background())
            self.crew.check()

    def start_parts(self, parts: list[Part]) -> None:
        for part in parts:
            log = LOGS / f"{part.name.replace(' ', '-')}.log"
            self.crew.start(
                part.name,
                part.command,
                folder=HOME,
                environment=self.environment,
                log=log,
                niceness=part.niceness,
                may_end=part.may_end,
            )

    def start_servers(self) -> None:
        secrets = keys.kept(DATA / "secrets.env", used_by=DATA / "postgres")
        self.environment = secrets | self.environment
        if not self.environment.get("DATABASE_URL"):
            with step("Starting PostgreSQL"):
                url = servers.start_postgres(self.crew, DATA / "postgres", log=LOGS / "postgres.log")
            self.environment["DATABASE_URL"] = url
        if not self.environment.get("REDIS_URL"):
            with step("Starting Valkey"):
                password = secrets["VALKEY_PASSWORD"]
                url = servers.start_valkey(self.crew, DATA / "valkey", log=LOGS / "valkey.log", password=password)
            self.environment["REDIS_URL"] = url

    def prepare(self) -> None:
        """In a process of its own, which tells its steps itself: the launcher stays small."""
        command = [PYTHON, "-m", "deploy.prepare"]
        child = self.crew.start("preparation", command, folder=HOME, environment=self.environment)
        if self.crew.wait(child):
            raise StartError("The preparation failed; the lines above say why.")

    def wait_for_web(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while not answers("127.0.0.1" if self.host in EVERYWHERE else self.host, self.port):
            self.crew.check()
            if time.monotonic() > deadline:
                raise StartError(f"The web server does not answer after {PATIENCE} s; see {LOGS}/web-server.log.")
            time.sleep(0.1)
        self.crew.check()

    def stop(self) -> None:
        ignore_stops()
        if self.crew.children:
            with step("Stopping"):
                self.crew.stop()

    def watch(self) -> None:
        while True:
            self.crew.check()
            time.sleep(0.5)


def web(host: str, port: int, environment: dict[str, str]) -> list[Part]:
    inbox, mail = environment["SANDBOX_PORT"], environment["SANDBOX_SMTP_PORT"]
    server = [PYTHON, "-m", "deploy.web", "--workers", "2", "--host", host, "--port", str(port)]
    server += ["--log-level", "warning"]
    sandbox = [PYTHON, "-m", "communities.sandbox", "--host", host, "--port", inbox, "--smtp-port", mail]
    sandbox += ["--callback", f"http://127.0.0.1:{port}", "--accounts", str(DATA / "demo.json")]
    sandbox += ["--file", str(DATA / "sandbox.jsonl")]
    return [Part("web server", server), Part("demo inbox", sandbox, niceness=5)]


def background() -> list[Part]:
    celery = [PYTHON, "-m", "celery", "-A", "config.celery"]
    worker = [*celery, "worker", "-Q", QUEUES, "-c", "2", "--without-gossip", "--without-mingle"]
    beat = [*celery, "beat", "-s", str(DATA / "beat-schedule"), "--pidfile", ""]
    loops = [PYTHON, "-m", "staffing.matching"]  # so that the first proposal need not wait for the compiler
    return [Part("worker", worker, niceness=10), Part("beat", beat), Part("compiler", loops, niceness=15, may_end=True)]


def addresses(host: str, port: int) -> dict[str, str]:
    """Where the parts find each other, and by which names people may call."""
    inbox = inbox_port(host, port)
    mail = servers.free_port()
    name = lan_address() if host in EVERYWHERE else host
    url_name = f"[{name}]" if ":" in name else name
    return {
        "DEMO": "1",
        "PUBLIC_URL": f"http://{url_name}:{port}",
        "ALLOWED_HOSTS": ",".join(sorted({"127.0.0.1", "localhost", "[::1]", url_name, socket.gethostname().lower()})),
        "SMS_GATEWAY_URL": f"http://127.0.0.1:{inbox}",
        "DEMO_INBOX_URL": f"http://{url_name}:{inbox}",
        "EMAIL_URL": f"smtp://127.0.0.1:{mail}",
        "SANDBOX_PORT": str(inbox),
        "SANDBOX_SMTP_PORT": str(mail),
        "STATIC_ROOT": str(DATA / "static"),
        "DEMO_FILE": str(DATA / "demo.json"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


def inbox_port(host: str, port: int) -> int:
    """The one of the last start if it can be had: the demo's group robots are stored with their address."""
    last = keys.read(DATA / "run.env").get("SMS_GATEWAY_URL", "").rpartition(":")[2]
    wanted = [int(last)] if last.isdecimal() else []
    return next((number for number in [*wanted, port + 1] if is_free(host, number)), 0) or servers.free_port()


@contextmanager
def locked(port: int) -> Iterator[None]:
    """Held by this process alone and dropped by the kernel with it: a lock that cannot go stale."""
    try:
        DATA.mkdir(exist_ok=True)
        lock = (DATA / "lock").open("a+")
    except OSError as error:
        raise StartError(f"{DATA} cannot be written: {error.strerror}.") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise StartError(f"It already runs from this folder ({lock.read().strip()}).") from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()}, port {port}")
        lock.flush()
        yield


def remember(environment: dict[str, str]) -> None:
    """The variables of the running system, for `deploy/manage COMMAND` in another terminal."""
    names = [*keys.MAKERS, "DATABASE_URL", "REDIS_URL", "DEMO", "PUBLIC_URL", "ALLOWED_HOSTS", "SMS_GATEWAY_URL"]
    names += ["DEMO_INBOX_URL", "EMAIL_URL", "DEBUG", "STATIC_ROOT"]
    keys.write(
        DATA / "run.env", {name: shlex.quote(environment[name]) for name in names if environment.get(name) is not None}
    )


def is_free(host: str, port: int) -> bool:
    with suppress(OSError, OverflowError):
        checks.listener(host, port).close()
        return True
    return False


def lan_address() -> str:
    """The address other machines see; asks the routing table, sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])
    return "127.0.0.1"


def answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    with closing(connection), suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/healthz")
        return connection.getresponse().status < 500
    return False


def stop_once(signum: int, frame: FrameType | None) -> None:
    ignore_stops()
    raise KeyboardInterrupt


def ignore_stops() -> None:
    for name in processes.STOPS:
        signal.signal(name, signal.SIG_IGN)


def listen_for_stops() -> None:
    for name in processes.STOPS:
        if name == signal.SIGHUP and signal.getsignal(name) == signal.SIG_IGN:
            continue  # started with nohup
        signal.signal(name, stop_once)


def main() -> int:
    listen_for_stops()
    os.umask(0o077)  # what lies in .data/ is nobody else's business
    print("Redvest 红马甲", flush=True)
    try:
        given = dict(os.environ)
        Launcher(given.get("HOST") or "127.0.0.1", checks.port(given.get("PORT") or "8000"), given).run()
    except StartError as error:
        print(f"Redvest: {error}", file=sys.stderr)
        return 1 if isinstance(error, PartDiedError) else 2
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
