"""Anything that arrives from a phone proves that it has not blocked us: the suspicion ends at once (the brief's S7)."""

from datetime import datetime

from crm.model.audit import AuditEntry
from crm.model.blocks import IssueState
from crm.model.conversations import BlockState, Conversation
from crm.model.records import replace
from crm.model.sequences import Reason
from crm.policy import sequences
from crm.policy.blocks import SILENCE
from crm.services.inbox.batch import Batch


def refute(batch: Batch, conversation: Conversation, at: datetime, *, by: str) -> None:
    """Clear the suspicion if what happened at `at` is newer than its evidence; walks it had paused go on."""
    if conversation.block_state is BlockState.CLEAR:
        return
    issues = [
        i for i in batch.issues.rows.values() if i.conversation_id == conversation.id and i.state is IssueState.OPEN
    ]
    if any(at < issue.opened_at - SILENCE for issue in issues):
        return
    batch.conversations.put(
        conversation.id, replace(conversation, block_state=BlockState.CLEAR, block_evidence_from=at)
    )
    for issue in issues:
        closed = replace(issue, state=IssueState.REFUTED, closed_at=batch.now, closed_why=by)
        batch.issues.put(issue.id, closed)
    for walk, plan in batch.open_walks(conversation.id):
        if walk.reason in (Reason.PROBABLE_BLOCK, Reason.CONFIRMED_BLOCK):
            batch.walks.put(walk.id, sequences.resume(walk, plan, batch.now))
    batch.audit.append(
        AuditEntry(
            batch.now,
            "engine",
            "block.refuted",
            f"conversation:{conversation.id}",
            {"state": conversation.block_state.value},
            {"state": BlockState.CLEAR.value},
            by,
        )
    )
