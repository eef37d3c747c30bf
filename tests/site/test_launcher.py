"""`make run` as a process: it starts whole or not at all, and leaves nothing behind."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from communities.management.commands import catalogues
from deploy import story
from deploy.keys import MAKERS
from deploy.processes import Crew, PartDiedError, Roll
from deploy.servers import free_port

HOME = Path(catalogues.__file__).resolve().parents[3]
PATH = {"PATH": os.environ["PATH"]}
NOTHING = 1  # a port on which nothing listens
pytestmark = [pytest.mark.processes, pytest.mark.timeout(300)]
OURS = {*MAKERS, "DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "PUBLIC_URL", "ALLOWED_HOSTS", "EMAIL_URL"}


@pytest.fixture
def data(tmp_path):
    tmp_path.chmod(0o711)
    return tmp_path / "data"


@pytest.fixture
def begin(data):
    """Start a launcher with these variables; whatever it is, it is gone after the test."""
    launchers = []

    def begin(**variables):
        environment = {name: value for name, value in os.environ.items() if name not in OURS}
        environment |= {"DATA_FOLDER": str(data), "DEMO": "0", "DEBUG": "1", "PYTHONUNBUFFERED": "1", **variables}
        launchers.append(
            launcher := subprocess.Popen(
                [sys.executable, "-m", "deploy.run"],
                cwd=HOME,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        )
        return launcher

    yield begin
    for launcher in launchers:
        if launcher.poll() is None:
            launcher.terminate()
            launcher.communicate(timeout=60)


def descendants(launcher):
    return psutil.Process(launcher.pid).children(recursive=True)


def until_ready(launcher):
    lines = []
    for line in launcher.stdout:
        lines.append(line)
        if "is ready in" in line:
            return lines
    raise AssertionError("".join(lines))


def until(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"PORT": "http"}, "PORT must be a number from 1 to 65535, not 'http'."),
        ({"DATABASE_URL": "postgresql:///d?colour=red"}, "DATABASE_URL cannot be read"),
        ({"DATABASE_URL": "mysql://root@localhost/x"}, "DATABASE_URL cannot be read"),
        ({"DATABASE_URL": f"postgresql://a@127.0.0.1:{NOTHING}/d"}, "The database of DATABASE_URL cannot be reached"),
        ({"REDIS_URL": "http://127.0.0.1"}, "REDIS_URL cannot be read"),
        ({"REDIS_URL": f"redis://127.0.0.1:{NOTHING}/0"}, "The server of REDIS_URL cannot be reached"),
    ],
)
def test_what_cannot_be_used_is_one_line_and_nothing_is_started(begin, data, variables, said):
    launcher = begin(**{"PORT": str(free_port()), **variables})
    output, _ = launcher.communicate(timeout=60)

    told = [line for line in output.splitlines() if line.startswith("Redvest: ")]
    assert (launcher.returncode, len(told), told[0].startswith(f"Redvest: {said}")) == (2, 1, True), output
    assert "Traceback" not in output
    assert not (data / "postgres").exists()


def test_a_taken_port_is_one_line_and_nothing_is_started(begin, data):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        launcher = begin(PORT=str(port))
        output, _ = launcher.communicate(timeout=60)

    assert launcher.returncode == 2
    assert f"Redvest: Cannot listen on 127.0.0.1:{port}: " in output
    assert not (data / "postgres").exists()


def healthy(port):
    with socket.create_connection(("127.0.0.1", port), timeout=5) as web:
        web.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
        return web.recv(15).split()[1] == b"200"


@pytest.mark.timeout(600)
def test_a_start_serves_after_a_kill_too_and_an_interrupt_leaves_no_process_and_no_lock(begin, data):
    port = free_port()
    killed = begin(PORT=str(port))
    until_ready(killed)
    left = descendants(killed)
    secrets = (data / "secrets.env").read_text()
    killed.kill()
    killed.communicate(timeout=60)

    launcher = begin(PORT=str(port))
    until_ready(launcher)

    assert [process for process in left if process.is_running()] == []
    assert (healthy(port), (data / "secrets.env").read_text() == secrets) == (True, True)
    assert stat.S_IMODE((data / "secrets.env").stat().st_mode) == 0o600

    children = descendants(launcher)
    launcher.send_signal(signal.SIGINT)
    launcher.communicate(timeout=60)

    assert launcher.returncode == 0
    assert [child for child in children if child.is_running()] == []
    assert [name for name in ("postgres/postmaster.pid", "children.json") if (data / name).exists()] == []


def test_a_part_that_dies_is_named_with_its_last_words(tmp_path):
    crew = Crew()
    crew.start(
        "clock", ["sh", "-c", "echo the spring broke; exit 3"], folder=tmp_path, environment={}, log=tmp_path / "log"
    )
    crew.children[0].process.wait()

    with pytest.raises(PartDiedError) as died:
        crew.check()

    assert str(died.value) == "The clock ended by itself (code 3). Its last words:\n    the spring broke"


def test_a_part_that_has_done_its_work_may_end(tmp_path):
    crew = Crew()
    done = crew.start("compiler", ["true"], folder=tmp_path, environment=PATH, may_end=True)
    done.process.wait()

    crew.check()

    assert crew.children == []


def test_stopping_takes_the_children_of_a_child_along(tmp_path):
    crew = Crew(Roll(tmp_path / "children.json", tmp_path))
    shell = crew.start("shell", ["sh", "-c", "sleep 60 & wait"], folder=tmp_path, environment=PATH)
    until(lambda: psutil.Process(shell.process.pid).children())
    sleeper = psutil.Process(shell.process.pid).children()[0]

    crew.stop()

    assert (sleeper.is_running(), (tmp_path / "children.json").exists()) == (False, False)


def test_what_an_earlier_launcher_left_is_stopped_and_a_stranger_with_its_number_is_not(tmp_path):
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    home.mkdir()
    elsewhere.mkdir()
    crew, roll = Crew(), Roll(tmp_path / "children.json", home)
    ours = crew.start("ours", ["sleep", "60"], folder=home, environment=PATH)
    stranger = crew.start("stranger", ["sleep", "60"], folder=elsewhere, environment=PATH)
    roll.write(crew.children)

    roll.stop_leftovers()

    try:
        assert (ours.running, stranger.running, roll.path.exists()) == (False, True, False)
    finally:
        crew.stop()


def test_the_story_tells_addresses_and_accounts_in_columns(tmp_path):
    demo = tmp_path / "demo.json"
    demo.write_text(
        '{"call": "/c/night/", "accounts": [{"role": "网格员", "login": "+8612000000001", "password": "", "totp": ""},'
        ' {"role": "Desk", "login": "desk@example.org", "password": "secret", "totp": "ABC"}]}'
    )

    told = story.told({"PUBLIC_URL": "http://127.0.0.1:8000", "DEMO_INBOX_URL": "http://127.0.0.1:8001"}, demo, 3.21)

    assert "is ready in 3.2 s" in told
    assert "    The open call   http://127.0.0.1:8000/c/night/\n" in told
    assert "    网格员  +8612000000001    code by text message, in the demo inbox\n" in told
    assert "    Desk    desk@example.org  password secret + code\n" in told
