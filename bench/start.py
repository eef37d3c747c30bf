"""From a clone to "ready": cold, with nothing installed or made yet, and warm. Told, not judged.

Packages come from the local cache of uv or pip where there is one.
"""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure
from bench.system import HOME, System
from deploy.servers import free_port

PATIENCE = 900


def run(system: System) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="redvest-start-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        begin = time.perf_counter()
        subprocess.run(["git", "clone", "--quiet", str(HOME), str(folder / "clone")], check=True)
        yield Figure("start.cold", seconds_to_ready(system, folder / "clone", begin), "s").tell()
        begin = time.perf_counter()
        yield Figure("start.warm", seconds_to_ready(system, folder / "clone", begin), "s").tell()


def seconds_to_ready(system: System, clone: Path, begin: float) -> float:
    """`make run` until it says where it is, then Ctrl-C."""
    ours = {name: value for name, value in os.environ.items() if name not in system.environment}
    launcher = subprocess.Popen(
        ["make", "run", f"PORT={free_port()}"],
        cwd=clone,
        env=ours,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        return ready_after(launcher, begin)
    finally:
        os.killpg(launcher.pid, signal.SIGINT)
        launcher.communicate(timeout=60)


def ready_after(launcher: "subprocess.Popen[str]", begin: float) -> float:
    said: list[str] = []
    assert launcher.stdout
    for line in launcher.stdout:
        said.append(line)
        if " is ready in " in line:
            return time.perf_counter() - begin
        if time.perf_counter() - begin > PATIENCE:
            break
    raise RuntimeError("It did not become ready:\n" + "".join(said[-20:]))
