"""From delivery facts to a suspicion. WhatsApp never says that somebody blocked us; two or three messages in a row that Meta sent and
no phone took for 72 hours make it likely (the brief's thresholds). Anything that arrives refutes it."""

from datetime import timedelta

from crm.model.blocks import Evidence, Suspicion
from crm.model.conversations import BlockState

SILENCE = timedelta(hours=72)
PROBABLE_AT, PROBABLE = 2, 95
CONFIRMED_AT, CONFIRMED = 3, 99
"""Messages in a row, and how sure that makes us, in per cent."""


def judge(evidence: Evidence) -> Suspicion | None:
    """What the evidence adds to what we believed; None when it adds nothing."""
    silent = len(evidence.undelivered)
    if silent >= CONFIRMED_AT and evidence.state is not BlockState.CONFIRMED:
        return Suspicion(BlockState.CONFIRMED, CONFIRMED)
    if silent >= PROBABLE_AT and evidence.state is BlockState.CLEAR:
        return Suspicion(BlockState.PROBABLE, PROBABLE)
    return None
