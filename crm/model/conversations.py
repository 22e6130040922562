"""The thread of one contact with one account: it owns the service window, the assigned agent and the belief about a block."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

META_AGENT, OURS = "meta_agent", "ours"
"""Who may have a conversation: Meta's own agent on the number, or this program and the phone."""


class BlockState(StrEnum):
    """What the delivery facts make us believe; WhatsApp never says."""

    CLEAR = "clear"
    PROBABLE = "probable"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Conversation:
    """Times are Meta's own where Meta gave one, so that a late webhook changes nothing it should not.

    `last_interaction_at` follows the brief (any side); `last_inbound_at` alone opens the service window; `window_refuted_at` is the
    newest moment at which Meta answered 131047 to a message sent on the customer's own message. `block_evidence_from` is where
    counting starts again after a refutation or a reactivation. `pair_free_at` is the pair limit's virtual clock
    (reference 4: one message per 6 s, burst 45). `control` says who answers, META_AGENT or OURS, as of `control_at`.
    """

    id: int
    contact_id: int
    account_id: int
    created_at: datetime
    agent_id: int | None = None
    first_inbound_at: datetime | None = None
    last_inbound_at: datetime | None = None
    last_manual_at: datetime | None = None
    last_interaction_at: datetime | None = None
    window_refuted_at: datetime | None = None
    ad_entry_at: datetime | None = None
    free_entry_until: datetime | None = None
    block_state: BlockState = BlockState.CLEAR
    block_evidence_from: datetime | None = None
    pair_free_at: datetime | None = None
    control: str | None = None
    control_at: datetime | None = None
