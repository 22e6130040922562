"""The chain of the audit log: each seal's digest runs over its entries, in the order of their ids, and over the digest before it.

Entries are written by many at once, so they are not chained as they are written but sealed together a little later: nobody waits for
anybody, and what was sealed cannot be changed any more without breaking every seal from there on.
"""

import json
from collections.abc import Iterable
from hashlib import sha256

from crm.model.audit import AuditEntry

BEGINNING = "0" * 64


def link(previous: str, entries: Iterable[tuple[int, AuditEntry]]) -> str:
    """The digest after these entries, hexadecimal."""
    chain = sha256(bytes.fromhex(previous))
    for number, entry in entries:
        facts = [
            number,
            entry.at.isoformat(),
            entry.actor,
            entry.action,
            entry.subject,
            None if entry.before is None else dict(entry.before),
            None if entry.after is None else dict(entry.after),
            entry.why,
        ]
        said = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        chain.update(len(said).to_bytes(8, "big"))
        chain.update(said)
    return chain.hexdigest()
