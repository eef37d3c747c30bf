"""What a start prints when it is done: where to look, and who to be."""

import json
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def told(environment: Mapping[str, str], demo: Path, seconds: float) -> str:
    known = json.loads(demo.read_text()) if demo.exists() else {}
    lines = [f"Redvest 红马甲 is ready in {seconds:.1f} s", ""]
    lines += table(places(environment, known))
    if accounts := known.get("accounts", []):
        lines += ["", "  Accounts of the demo"]
        lines += table([[account["role"], account["login"], way_in(account)] for account in accounts])
    lines += ["", "  Ctrl-C stops everything. Commands: deploy/manage NAME. Logs: .data/log/", ""]
    return "\n" + "\n".join(lines)


def places(environment: Mapping[str, str], known: Mapping[str, Any]) -> list[list[str]]:
    home, inbox = environment["PUBLIC_URL"], environment["DEMO_INBOX_URL"]
    found = [["Redvest", home + "/"]]
    if call := known.get("call"):
        found.append(["The open call", home + call])
    return [
        *found,
        ["Admin site", f"{home}/admin/"],
        ["REST API", f"{home}/api/docs/"],
        ["Demo inbox", f"{inbox}/", "text messages, e-mail and group chats"],
        ["Webhooks", f"{inbox}/webhooks", "what another system is told"],
        ["Second factors", f"{inbox}/codes", "the accounts' one-time codes"],
    ]


def way_in(account: Mapping[str, Any]) -> str:
    if password := account.get("password"):
        return f"password {password}" + (" + code" if account.get("totp") else "")
    return "code by text message, in the demo inbox"


def table(rows: list[list[str]]) -> list[str]:
    columns = max(len(row) for row in rows)
    widths = [max((width(row[at]) for row in rows if at < len(row)), default=0) for at in range(columns)]
    return [
        "    " + "  ".join(cell + " " * (widths[at] - width(cell)) for at, cell in enumerate(row)).rstrip()
        for row in rows
    ]


def width(text: str) -> int:
    """Columns on a terminal, where a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
