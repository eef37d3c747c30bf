"""Whole lists as groups write them, with what is expected to be read."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from staffing.management.commands.parse_chain import read_blocks, read_diffs

HERE = Path(__file__).parent / "chain_blocks"
SHARED = Path(__file__).parents[3] / "shared" / "data" / "jielong" / "open"
REQUIRED = ("name", "phone", "head_count", "role")


def expected(corpus: Path, block: str) -> dict[str, Any]:
    return json.loads((corpus / f"{block}.json").read_text())


def line(entry: dict[str, Any]) -> tuple[object, ...]:
    return (*(entry[field] for field in REQUIRED), entry["flags"]["cancelled"])


def plain(entry: dict[str, Any]) -> dict[str, Any]:
    """What two readers must agree on; the comment is free."""
    return {field: value for field, value in entry.items() if field != "comment"}


@pytest.mark.parametrize("block", read_blocks(HERE), ids=lambda block: block["id"])
def test_a_block_is_read_as_expected(block: dict[str, Any]) -> None:
    wanted = expected(HERE, block["id"])
    assert block["title"] == wanted["title"]
    assert [plain(entry) for entry in block["entries"]] == [plain(entry) for entry in wanted["entries"]]


@pytest.mark.parametrize("pair", read_diffs(HERE), ids=lambda pair: pair["id"])
def test_a_longer_list_differs_as_expected(pair: dict[str, Any]) -> None:
    wanted = json.loads((HERE / "diff" / pair["id"] / "diff.json").read_text())
    for side in ("added", "gone"):
        assert [plain(entry) for entry in pair[side]] == [plain(entry) for entry in wanted[side]]
    assert [(plain(change["after"]), set(change["fields"])) for change in pair["changed"]] == [
        (plain(change["after"]), set(change["fields"])) for change in wanted["changed"]
    ]


@pytest.mark.skipif(not SHARED.exists(), reason="the corpus is not here")
def test_of_the_corpus_at_least_97_lines_in_100_are_right() -> None:
    right = total = 0
    for block in read_blocks(SHARED):
        wanted = [line(entry) for entry in expected(SHARED, block["id"])["entries"]]
        found = [line(entry) for entry in block["entries"]]
        right += sum(one == other for one, other in zip(wanted, found, strict=False))
        total += max(len(wanted), len(found))
    assert total >= 383
    assert right / total >= 0.97


@pytest.mark.skipif(not SHARED.exists(), reason="the corpus is not here")
def test_all_pairs_of_the_corpus_differ_as_expected() -> None:
    for pair in read_diffs(SHARED):
        wanted = json.loads((SHARED / "diff" / pair["id"] / "diff.json").read_text())
        assert [line(entry) for entry in pair["added"]] == [line(entry) for entry in wanted["added"]]
        assert [line(entry) for entry in pair["gone"]] == [line(entry) for entry in wanted["gone"]]
        assert [sorted(change["fields"]) for change in pair["changed"]] == [
            sorted(change["fields"]) for change in wanted["changed"]
        ]


def command(given: bytes, *options: str) -> Any:
    answer = subprocess.run(
        [sys.executable, "manage.py", "parse_chain", *options],
        input=given, capture_output=True, check=True, timeout=60, env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
    )  # fmt: skip
    return json.loads(answer.stdout)


def test_the_command_prints_the_documented_json() -> None:
    found = command((HERE / "035.txt").read_bytes())
    assert list(found) == ["title", "entries"]
    assert list(found["entries"][0]) == list(expected(HERE, "035")["entries"][0])
    assert [plain(entry) for entry in found["entries"]] == [plain(entry) for entry in expected(HERE, "035")["entries"]]


def test_the_command_reads_what_a_spreadsheet_saved() -> None:
    found = command("#接龙\n标题\n\n1. 张三 3号楼".encode("gb18030"))
    assert found["entries"][0]["name"] == "张三"


def test_the_command_compares_two_lists() -> None:
    texts = {"before": "#接龙\n\n1. 张三", "after": "#接龙\n\n1. 张三 2人\n2. 李四"}
    found = command(json.dumps(texts).encode(), "--diff")
    assert [entry["name"] for entry in found["added"]] == ["李四"]
    assert [change["fields"] for change in found["changed"]] == [["head_count"]]
