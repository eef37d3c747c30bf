"""Everything the sandbox was given, newest last, bounded; on disk too when a file is named."""

import json
from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

BOUND = 60_000


@dataclass(frozen=True)
class Letter:
    channel: str  # sms, email, wecom, dingtalk, feishu, webhook
    to: str
    text: str
    ref: str = ""
    id: str = ""  # the sender's idempotency key
    at: str = ""  # ISO 8601, UTC


class Box:
    def __init__(self, file: Path | None = None, bound: int = BOUND) -> None:
        self._letters: deque[Letter] = deque(maxlen=bound)
        self._refs: OrderedDict[str, str] = OrderedDict()
        self._bound = bound
        self._lock = Lock()
        self._count = 0
        if file and file.exists():
            self._read(file)
        self._file = file.open("a", encoding="utf-8") if file else None

    def put(self, letters: Iterable[Letter]) -> list[Letter]:
        """As stored, in order: a letter whose id is known comes back with the reference it got the first time."""
        with self._lock:
            stored = [self._put(letter) for letter in letters]
            if self._file:
                self._file.flush()
        return stored

    def newest(self, to: str = "", *, exact: bool = False, limit: int = 200, channel: str = "") -> list[Letter]:
        with self._lock:
            letters = [one for one in self._letters if channel in ("", one.channel)]
        return list(_first(limit, (one for one in reversed(letters) if _matches(one, to, exact))))

    def __len__(self) -> int:
        return len(self._letters)

    def close(self) -> None:
        if self._file:
            self._file.close()

    def _put(self, letter: Letter) -> Letter:
        if letter.id and (ref := self._refs.get(letter.id)):
            return Letter(letter.channel, letter.to, letter.text, ref, letter.id)
        self._count += 1
        ref = f"{letter.channel}-{self._count}"
        letter = Letter(letter.channel, letter.to, letter.text, ref, letter.id, datetime.now(UTC).isoformat())
        self._keep(letter)
        if self._file:
            self._file.write(json.dumps(asdict(letter), ensure_ascii=False) + "\n")
        return letter

    def _keep(self, letter: Letter) -> None:
        self._letters.append(letter)
        if letter.id:
            self._refs[letter.id] = letter.ref
            if len(self._refs) > self._bound:
                self._refs.popitem(last=False)

    def _read(self, file: Path) -> None:
        """A last line that a kill cut short is passed over, and ended, so that the next one is whole."""
        written = file.read_text(encoding="utf-8", errors="replace")
        if written and not written.endswith("\n"):
            with file.open("a", encoding="utf-8") as torn:
                torn.write("\n")
        for line in written.splitlines():
            self._count += 1
            try:
                self._keep(Letter(**json.loads(line)))
            except (ValueError, TypeError):
                continue


def _matches(letter: Letter, to: str, exact: bool) -> bool:
    return letter.to == to if exact else to.lower() in letter.to.lower()


def _first(limit: int, letters: Iterator[Letter]) -> Iterator[Letter]:
    for _, letter in zip(range(limit), letters, strict=False):
        yield letter
