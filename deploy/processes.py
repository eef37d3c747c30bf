"""Child processes that end when their parent does, however that happens.

Each child leads a session of its own, so the terminal's Ctrl-C reaches the launcher alone. On Linux the
kernel tells a child when the launcher is killed; elsewhere the next start stops what was left (`Roll`).
"""

import ctypes
import json
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import psutil

from deploy.progress import StartError

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE = 10  # seconds between the request to stop and the kill
LOG_LIMIT = 5_000_000  # bytes; a longer log starts again
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Child:
    name: str
    process: subprocess.Popen[bytes]
    ends_with: signal.Signals
    log: Path | None = None
    is_server: bool = False
    may_end: bool = False

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    def last_words(self, lines: int = 8) -> str:
        written = self.log.read_text(errors="replace").splitlines() if self.log else []
        return "\n".join(f"    {line}" for line in written[-lines:])


class PartDiedError(StartError):
    def __init__(self, child: Child) -> None:
        code = child.process.returncode
        super().__init__(f"The {child.name} ended by itself (code {code}). Its last words:\n{child.last_words()}")


@dataclass
class Crew:
    """The children of one launcher, in the order in which they started."""

    roll: "Roll | None" = None
    children: list[Child] = field(default_factory=list)

    def start(
        self,
        name: str,
        command: list[str],
        *,
        folder: Path,
        environment: Mapping[str, str],
        log: Path | None = None,
        account: int | None = None,
        ends_with: signal.Signals = signal.SIGTERM,
        niceness: int = 0,
        is_server: bool = False,
        may_end: bool = False,
    ) -> Child:
        """Without a log the child speaks where we speak. One that may end has its work done then."""
        with undisturbed(), opened(log) as output:
            process = subprocess.Popen(
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT if log else None,
                start_new_session=True,
                preexec_fn=between_fork_and_exec(ends_with, niceness),
                **as_account(account),
            )
            child = Child(name, process, ends_with, log, is_server, may_end)
            self.children.append(child)
            self._note()
        return child

    def wait(self, child: Child) -> int:
        code = child.process.wait()
        self.children.remove(child)
        self._note()
        return code

    def check(self) -> None:
        for child in [child for child in self.children if not child.running]:
            if not child.may_end:
                raise PartDiedError(child)
            self.wait(child)

    def stop(self) -> None:
        """Ask all, wait for all, and kill what is left of each one's session; the servers go last."""
        servers = [child for child in self.children if child.is_server]
        stop([child for child in self.children if not child.is_server])
        stop(servers)
        self.children.clear()
        if self.roll:
            self.roll.clear()

    def _note(self) -> None:
        if self.roll:
            self.roll.write(self.children)


@contextmanager
def opened(log: Path | None) -> Iterator[IO[bytes] | None]:
    """A log to add to; one that has grown too long begins again."""
    if log is None:
        yield None
        return
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb" if log.exists() and log.stat().st_size > LOG_LIMIT else "ab") as output:
        yield output


def as_account(account: int | None) -> dict[str, Any]:
    """Popen's arguments that make a child another account, its group and nothing more."""
    if account is None:
        return {}
    return {"user": account, "group": pwd.getpwuid(account).pw_gid, "extra_groups": []}


def between_fork_and_exec(ends_with: signal.Signals, niceness: int) -> Callable[[], None]:
    """What the child does there; all that it needs is loaded here, in the parent."""
    prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None
    parent = os.getpid()

    def in_child() -> None:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
        os.nice(niceness)
        if prctl:
            prctl(PR_SET_PDEATHSIG, ends_with)
        if os.getppid() != parent:
            os._exit(1)

    return in_child


def stop(children: list[Child]) -> None:
    for child in children:
        if child.running:
            child.process.send_signal(child.ends_with)
    deadline = time.monotonic() + PATIENCE
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.process.wait(max(0.0, deadline - time.monotonic()))
        kill_session(child.process.pid)
        child.process.wait()


def kill_session(leader: int) -> None:
    """Whatever of it still runs; returns when nothing does."""
    deadline = time.monotonic() + PATIENCE
    with suppress(ProcessLookupError, PermissionError):
        while time.monotonic() < deadline:
            os.killpg(leader, signal.SIGKILL)
            time.sleep(0.02)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Signals that stop us wait, so that a child is never started and then forgotten."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@dataclass(frozen=True)
class Roll:
    """The sessions this project's last launcher started, on disk, for the launcher after a crash."""

    path: Path
    home: Path

    def write(self, children: list[Child]) -> None:
        self.path.write_text(json.dumps([child.process.pid for child in children]))

    def clear(self) -> None:
        self.path.unlink(missing_ok=True)

    def stop_leftovers(self) -> None:
        for process in (left := self._leftovers()):
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGINT if process.name() == "postgres" else signal.SIGTERM)
        _, alive = psutil.wait_procs(left, timeout=PATIENCE)
        for process in alive:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        if psutil.wait_procs(alive, timeout=PATIENCE)[1]:
            raise StartError("Processes of an earlier start cannot be stopped: " + ", ".join(str(p.pid) for p in alive))
        self.clear()

    def _leftovers(self) -> list[psutil.Process]:
        try:
            sessions = set(json.loads(self.path.read_text()))
        except (OSError, ValueError):
            return []
        return [process for process in psutil.process_iter() if self._is_ours(process, sessions)]

    def _is_ours(self, process: psutil.Process, sessions: set[int]) -> bool:
        """In one of the sessions, and at home in this folder: a number may have gone to a stranger since."""
        with suppress(psutil.Error, OSError):
            return os.getsid(process.pid) in sessions and Path(process.cwd()).is_relative_to(self.home)
        return False
