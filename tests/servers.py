"""A PostgreSQL and a Valkey of the tests' own when the environment names none; gone when the tests are."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from deploy import keys, servers
from deploy.processes import Crew

ADDRESSES = ("DATABASE_URL", "REDIS_URL")


def given(environment: Mapping[str, str]) -> bool:
    """Whether a server is named that tests beside these would share."""
    return any(name in environment for name in ADDRESSES)


def provide() -> None:
    """Fill in what the settings read: secrets, and the addresses of servers."""
    for name, value in keys.fresh().items():
        os.environ.setdefault(name, value)
    if all(name in os.environ for name in ADDRESSES):
        return
    folder = Path(tempfile.mkdtemp(prefix="redvest-tests-"))
    folder.chmod(0o711)  # PostgreSQL may run as another account
    crew = Crew()
    atexit.register(remove, crew, folder)
    if "DATABASE_URL" not in os.environ:
        log = folder / "postgres.log"
        os.environ["DATABASE_URL"] = servers.start_postgres(crew, folder / "postgres", log=log, lasting=False)
    if "REDIS_URL" not in os.environ:
        log, password = folder / "valkey.log", os.environ["VALKEY_PASSWORD"]
        os.environ["REDIS_URL"] = servers.start_valkey(
            crew, folder / "valkey", log=log, password=password, lasting=False
        )


def remove(crew: Crew, folder: Path) -> None:
    crew.stop()
    shutil.rmtree(folder, ignore_errors=True)
