"""`make test`: every check, then every test. Each must pass; each tells how long it took.

Quick checks run two at a time, then the tests in two lanes, each with servers of its own; a lane that is through with
a file takes the next.
Arguments are pytest's: `make test TESTS=tests/staffing`.
"""

import difflib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from deploy import keys
from tests import servers

HOME = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
SCHEMA = HOME / "docs" / "openapi.yaml"
PACKAGES = ["communities", "volunteers", "staffing", "config"]
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
DJANGO = [PYTHON, "-W", "ignore", "manage.py"]
PRODUCTION = {
    "DEBUG": "0",
    "DEMO": "0",
    "PUBLIC_URL": "https://redvest.example.org",
    "ALLOWED_HOSTS": "redvest.example.org",
    "BEHIND_PROXY": "1",
    "SMS_GATEWAY_URL": "https://sms.example.org",
    "EMAIL_URL": "smtp+tls://user:password@mail.example.org:587",
}


@dataclass(frozen=True)
class Check:
    name: str
    run: Callable[[], str]  # "" when all is well, else what is wrong


@dataclass(frozen=True)
class Outcome:
    name: str
    trouble: str


def command(*words: str, **environment: str) -> Callable[[], str]:
    def run() -> str:
        done = subprocess.run(words, cwd=HOME, env=os.environ | environment, capture_output=True, text=True)
        return "" if done.returncode == 0 else (done.stdout + done.stderr).strip() or f"code {done.returncode}"

    return run


def schema_is_current() -> str:
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "openapi.yaml"
        if trouble := command(*DJANGO, "spectacular", "--validate", "--fail-on-warn", "--file", str(fresh))():
            return trouble
        old, new = SCHEMA.read_text() if SCHEMA.exists() else "", fresh.read_text()
    changes = list(difflib.unified_diff(old.splitlines(), new.splitlines(), "committed", "now", lineterm="", n=1))
    return "\n".join([*changes[:60], "make schema brings docs/openapi.yaml up to date"]) if changes else ""


def chromium_is_here() -> str:
    """For the browser tests: the machine's own, or the one that Playwright keeps."""
    if any(map(shutil.which, CHROMIUM)):
        return ""
    return command(PYTHON, "-m", "playwright", "install", "chromium")()


CHECKS = [
    Check("types", command(PYTHON, "-m", "mypy", *PACKAGES)),
    Check("format", command(PYTHON, "-m", "ruff", "format", "--check", ".")),
    Check("lint", command(PYTHON, "-m", "ruff", "check", ".")),
    Check("imports", command(PYTHON, "-c", "from importlinter.cli import lint_imports_command as run; run()")),
    Check("migrations", command(*DJANGO, "makemigrations", "--check", "--dry-run")),
    Check("production settings", command(*DJANGO, "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)),
    Check("translations", command(*DJANGO, "catalogues", "check")),
    Check("API schema", schema_is_current),
    Check("browser", chromium_is_here),
]


def timed(check: Check) -> Outcome:
    started = time.monotonic()
    trouble = check.run()
    print(f"  {check.name}: {'FAILED' if trouble else 'ok'}, {time.monotonic() - started:.1f} s", flush=True)
    return Outcome(check.name, trouble)


def tests(arguments: list[str], environment: Mapping[str, str]) -> list[Outcome]:
    """In two lanes beside each other if no part is asked for and no servers are given that both would need."""
    if arguments or servers.given(environment):
        return [lane("tests", arguments, environment)]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(max_workers=2) as lanes:
        shared = {**environment, "LANES": folder}
        second = lanes.submit(lane, "second lane of tests", ["-p", "tests.lanes"], shared, subprocess.PIPE)
        return [lane("first lane of tests", ["-p", "tests.lanes"], shared), second.result()]


def lane(name: str, arguments: list[str], environment: Mapping[str, str], output: int | None = None) -> Outcome:
    """Its output is shown as it comes, or kept until all has come."""
    print(f"  {name} ...", flush=True)
    words = [PYTHON, "-m", "pytest", *arguments]
    done = subprocess.run(words, cwd=HOME, env=environment, stdout=output, stderr=subprocess.STDOUT, text=True)
    if output:
        print(f"\n--- {name} ---\n{done.stdout}", flush=True)
    return Outcome(name, f"pytest ended with code {done.returncode}" if done.returncode else "")


def main(arguments: list[str]) -> int:
    print("Checking ...", flush=True)
    os.environ.update({name: value for name, value in keys.fresh().items() if name not in os.environ})
    environment = dict(os.environ)
    servers.provide()
    with ThreadPoolExecutor(max_workers=2) as lanes:
        outcomes = list(lanes.map(timed, CHECKS))
    failed = [outcome for outcome in outcomes if outcome.trouble]
    for outcome in failed:
        print(f"\n--- {outcome.name} ---\n{outcome.trouble}", flush=True)
    if "--no-tests" not in arguments:
        failed += [outcome for outcome in tests(arguments, environment) if outcome.trouble]
    if failed:
        print("Failed: " + ", ".join(outcome.name for outcome in failed), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
