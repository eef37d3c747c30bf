"""The documented JSON of a chain list and of a difference (docs/chain.md)."""

from typing import Any

from staffing.rules.chain.differences import Difference
from staffing.rules.chain.entries import Address, Chain, Entry, Flags


def chain_document(chain: Chain) -> dict[str, Any]:
    return {"title": chain.title, "entries": [entry_document(entry) for entry in chain.entries]}


def entry_document(entry: Entry) -> dict[str, Any]:
    return {
        "position": entry.position,
        "name": entry.name,
        "head_count": entry.head_count,
        "phone": entry.phone,
        "building": entry.address.building,
        "entrance": entry.address.entrance,
        "flat": entry.address.flat,
        "role": entry.role,
        "time": entry.time,
        "comment": entry.comment,
        "flags": {
            "cancelled": entry.flags.cancelled,
            "proxy": entry.flags.proxy,
            "question": entry.flags.question,
        },
    }


def entry_of(document: dict[str, Any]) -> Entry:
    """The entry that was written out."""
    said = {field: document[field] for field in ("position", "name", "head_count", "phone", "role", "time", "comment")}
    address = Address(document["building"], document["entrance"], document["flat"])
    return Entry(**said, address=address, flags=Flags(**document["flags"]))


def difference_document(found: Difference) -> dict[str, Any]:
    return {
        "added": [entry_document(entry) for entry in found.added],
        "changed": [
            {
                "before": entry_document(change.before),
                "after": entry_document(change.after),
                "fields": list(change.fields),
            }
            for change in found.changed
        ],
        "gone": [entry_document(entry) for entry in found.gone],
    }
