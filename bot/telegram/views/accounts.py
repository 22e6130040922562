"""`/cuentas`: our numbers, one of them, its checklist, and the way to a new token."""

from bot.texts import Say
from crm.model.numbers import Checkup, Finding, Standing

MARKS = {Standing.GOOD: "✓", Standing.WEAK: "!", Standing.BROKEN: "✗", Standing.UNKNOWN: "?"}


def point(finding: Finding, say: Say) -> str:
    """One point of the checklist: how it stands, and what to do about it."""
    until = {} if finding.until is None else {"until": say.moment(finding.until)}
    return f"{MARKS[finding.standing]} {say.plain(f'finding-{finding.code}', **finding.params, **until)}"


def checklist(checkup: Checkup, say: Say) -> list[str]:
    """Every point, in plain lines."""
    return [point(each, say) for each in checkup.findings]
