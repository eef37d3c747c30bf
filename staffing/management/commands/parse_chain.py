"""Reads a chain list and prints what it says as JSON (docs/chain.md)."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from staffing.rules import chain
from staffing.rules.chain.documents import chain_document, difference_document


class Command(BaseCommand):
    requires_system_checks = ()  # nothing of the site is needed, and a second is saved
    help = "Reads a chain list on stdin and prints title and entries as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--diff", action="store_true", help='stdin is {"before": text, "after": text}')
        parser.add_argument("--corpus", type=Path, help="read every NNN.txt of a directory instead of stdin")

    def handle(self, *args: Any, diff: bool, corpus: Path | None, **options: Any) -> None:
        if corpus:
            found = read_diffs(corpus) if diff else read_blocks(corpus)
        else:
            given = decoded(sys.stdin.buffer.read())
            found = difference(json.loads(given)) if diff else chain_document(chain.parse(given))
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))


def read_blocks(corpus: Path) -> list[dict[str, Any]]:
    texts = sorted(corpus.glob("*.txt"))
    return [{"id": path.stem} | chain_document(chain.parse(decoded(path.read_bytes()))) for path in texts]


def read_diffs(corpus: Path) -> list[dict[str, Any]]:
    pairs = sorted(path for path in (corpus / "diff").iterdir() if path.is_dir())
    return [
        {"id": pair.name}
        | difference({side: decoded((pair / f"{side}.txt").read_bytes()) for side in ("before", "after")})
        for pair in pairs
    ]


def difference(texts: dict[str, str]) -> dict[str, Any]:
    before, after = chain.parse(texts["before"]), chain.parse(texts["after"])
    return difference_document(chain.difference(before.entries, after.entries))


def decoded(given: bytes) -> str:
    """Text as it comes: UTF-8, or what spreadsheets in China save."""
    try:
        return given.decode()
    except UnicodeDecodeError:
        return given.decode("gb18030", errors="replace")
