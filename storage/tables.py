"""Every table, key and index. Column order is the order in which rows become dataclasses (`<aggregate>.py`).

Ids are ours (`ids.py`), never the database's, but for `webhook_logs` and `audit_log`, whose rows nobody else names
before they exist. Times are microseconds (`types.py`). A partial index's predicate is written as a literal here and in
its queries: with a bound parameter PostgreSQL's generic plan cannot use it. Foreign keys hold a
fact to the conversation or contact it speaks of; accounts and sequences, which are never deleted, need none.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, SmallInteger, Text

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite knows its fast row id only under the name INTEGER.
Id = BigInteger().with_variant(Integer, "sqlite")


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=False)


def _own_id() -> Column[int]:
    """An id that the database gives out."""
    return Column("id", Id, primary_key=True, autoincrement=True)


def _required(name: str, kind: Any, *args: Any, **options: Any) -> Column[Any]:
    return Column(name, kind, *args, nullable=False, **options)


def _index(name: str, *columns: Any, where: str | None = None, unique: bool = False) -> sa.Index:
    predicate = None if where is None else sa.text(where)
    return sa.Index(name, *columns, unique=unique, sqlite_where=predicate, postgresql_where=predicate)


# --- the literals of the partial indexes ------------------------------------------------------------------------------

WEBHOOK_WAITS = "state IN ('new', 'failed')"
WEBHOOK_DONE = "state = 'done'"
WEBHOOK_DEAD = "state = 'dead'"
ENROLLMENT_ACTIVE = "state = 'active'"
ENROLLMENT_OPEN = "state IN ('active', 'paused')"
OUTBOX_QUEUED = "state = 'queued'"
OUTBOX_UNSETTLED = "state IN ('queued', 'sending', 'unknown')"
OUTBOX_SENDING = "state = 'sending'"
OUTBOX_UNKNOWN = "state = 'unknown'"
OUTBOX_SETTLED = "state NOT IN ('queued', 'sending', 'unknown')"
PENDING_OPEN = "state = 'open'"
ISSUE_OPEN = "state = 'open'"
ALERT_OPEN = "acknowledged_at IS NULL"
MESSAGE_REACHED = "reached_at IS NOT NULL"
MESSAGE_SILENT = (
    "sent_at IS NOT NULL AND reached_at IS NULL AND failed_at IS NULL AND kind <> 'reaction' AND NOT imported"
)
MESSAGE_IMPORTED = "imported"
MESSAGE_MANUAL = "source = 'manual' AND direction = 'out' AND NOT imported"
CONVERSATION_SUSPECT = "block_state <> 'clear'"
MEDIA_WANTED = "state = 'wanted'"
MEDIA_STORED = "state = 'stored'"
MEDIA_KEPT = "key IS NOT NULL"
MEDIA_LOST = "state IN ('refused', 'gone') AND error <> 'expired'"
MEDIA_WITH_THUMBNAIL = "thumbnail_key IS NOT NULL"
UPDATE_UNHANDLED = "handled_at IS NULL"
IDENTITY_HELD = "held"

# --- who --------------------------------------------------------------------------------------------------------------

accounts = sa.Table(
    "accounts",
    metadata,
    _id(),
    _required("phone_number_id", Text, unique=True),
    _required("waba_id", Text),
    _required("display_phone", Text),
    _required("name", Text),
    _required("coexistence", Boolean),
    _required("state", Text),
    _required("messages_per_second", Integer),
    _required("assumptions", Text),
    _required("created_at", BigInteger),
    Column("held_reason", Text),
    Column("held_until", BigInteger),
    Column("token_expires_at", BigInteger),
    Column("token_checked_at", BigInteger),
    Column("token_alerted_days", Integer),
    _required("meta_words", Text),
    Column("portfolio_id", Text),
    Column("quality", Text),
    _required("limits", Text),
)

contacts = sa.Table(
    "contacts",
    metadata,
    _id(),
    Column("wa_id", Text),
    Column("bsuid", Text),
    Column("name", Text),
    Column("username", Text),
    Column("time_zone", Text),
    Column("language", Text),
    _required("created_at", BigInteger),
    Column("named_at", BigInteger),
    _required("opted_out", Boolean),
    Column("consent_at", BigInteger),
    _required("marketing_opted_out", Boolean),
    Column("marketing_consent_at", BigInteger),
    Column("book_name", Text),
    Column("marketing_refused_at", BigInteger),
    _required("marketing_refusals", Integer),
    _required("searchable", Text),  # name and username, folded: what a search looks into
    _required("tags", Text),
    _required("fields", Text),
    Column("erased_at", BigInteger),  # nobody from then on: what is counted keeps its place here, and no query finds it
)

identities = sa.Table(
    "identities",
    metadata,
    Column("key", Text, primary_key=True),
    Column("contact_id", BigInteger, sa.ForeignKey("contacts.id"), primary_key=True),
    _required("kind", Text),
    _required("value", Text),
    Column("portfolio", Text),
    _required("since", BigInteger),
    _required("seen", BigInteger),
    Column("until", BigInteger),
    _required("held", Boolean),
    # Two transactions that meet somebody new at once cannot both make a contact of them.
    _index("uq_identities_held", "key", where=IDENTITY_HELD, unique=True),
    _index("ix_identities_contact_id", "contact_id"),
    sqlite_with_rowid=False,
)

notes = sa.Table(
    "notes",
    metadata,
    _id(),
    _required("contact_id", BigInteger, sa.ForeignKey("contacts.id")),
    Column("agent_id", BigInteger),
    _required("text", Text),
    _required("at", BigInteger),
    _index("ix_notes_contact_id", "contact_id", "at"),
)

# Who was erased, told by keyed hashes alone (crm/erasing.py): of the names of people for ever, of their messages until late news of them
# can no longer come.
erased = sa.Table(
    "erased",
    metadata,
    Column("mark", Text, primary_key=True),
    _required("at", BigInteger),
    _required("opted_out", Boolean),
    _required("marketing_opted_out", Boolean),
    Column("until", BigInteger),
    _index("ix_erased_until", "until"),
    sqlite_with_rowid=False,
)

merges = sa.Table(
    "merges",
    metadata,
    _id(),
    _required("at", BigInteger),
    _required("actor", Text),
    _required("why", Text),
    _required("kept_id", BigInteger),
    _required("gone_id", BigInteger),
    _required("facts", Text),  # all that parts them again, but for the rows that moved
    Column("undone_at", BigInteger),
    Column("undone_by", Text),
    _index("ix_merges_kept_id", "kept_id"),
    _index("ix_merges_gone_id", "gone_id"),
)

merged_rows = sa.Table(
    "merged_rows",
    metadata,
    Column("merge_id", BigInteger, primary_key=True, autoincrement=False),
    Column("noun", Text, primary_key=True),
    Column("row_id", BigInteger, primary_key=True, autoincrement=False),
    Column("part", BigInteger, primary_key=True, autoincrement=False),  # of a row with two ids
    _required("conversation_id", BigInteger),  # where it was before
    sqlite_with_rowid=False,
)

forwards = sa.Table(
    "forwards",
    metadata,
    Column("gone_id", Id, primary_key=True, autoincrement=False),
    _required("kept_id", BigInteger),
    _index("ix_forwards_kept_id", "kept_id"),
)

conversations = sa.Table(
    "conversations",
    metadata,
    _id(),
    _required("contact_id", BigInteger, sa.ForeignKey("contacts.id")),
    _required("account_id", BigInteger),
    _required("created_at", BigInteger),
    Column("agent_id", BigInteger),
    Column("first_inbound_at", BigInteger),
    Column("last_inbound_at", BigInteger),
    Column("last_manual_at", BigInteger),
    Column("last_interaction_at", BigInteger),
    Column("window_refuted_at", BigInteger),
    Column("ad_entry_at", BigInteger),
    Column("free_entry_until", BigInteger),
    _required("block_state", Text),
    Column("block_evidence_from", BigInteger),
    Column("pair_free_at", BigInteger),
    Column("control", Text),
    Column("control_at", BigInteger),
    sa.UniqueConstraint("contact_id", "account_id"),
    _index("ix_conversations_last_inbound_at", "last_inbound_at"),
    _index("ix_conversations_suspect", "block_state", where=CONVERSATION_SUSPECT),
)

agents = sa.Table(
    "agents",
    metadata,
    _id(),
    _required("telegram_id", BigInteger, unique=True),
    _required("name", Text),
    _required("role", Text),
    _required("language", Text),
    _required("time_zone", Text),
    _required("active", Boolean),
    _required("created_at", BigInteger),
    _required("reachable", Boolean),
)

invites = sa.Table(
    "invites",
    metadata,
    Column("code_hash", Text, primary_key=True),
    _required("role", Text),
    _required("expires_at", BigInteger),
    Column("used_at", BigInteger),
)

# What Meta lets a portfolio reach in a day, and whom it reached: touched only for messages outside their window.
portfolios = sa.Table(
    "portfolios",
    metadata,
    Column("id", Text, primary_key=True),
    Column("most", Integer),
    _required("said_at", BigInteger),
    Column("told_at", BigInteger),
    sqlite_with_rowid=False,
)

reach = sa.Table(
    "reach",
    metadata,
    Column("portfolio", Text, primary_key=True),
    Column("contact_id", BigInteger, primary_key=True, autoincrement=False),
    _required("at", BigInteger),
    _required("outbox_id", BigInteger),
    Column("before_at", BigInteger),
    _index("ix_reach_at", "portfolio", "at"),
    sqlite_with_rowid=False,
)

# --- what was said ----------------------------------------------------------------------------------------------------

messages = sa.Table(
    "messages",
    metadata,
    _id(),
    _required("account_id", BigInteger),
    _required("contact_id", BigInteger),
    _required("conversation_id", BigInteger, sa.ForeignKey("conversations.id")),
    Column("wamid", Text, unique=True),
    _required("direction", Text),
    _required("source", Text),
    _required("kind", Text),
    Column("text", Text),
    _required("payload", Text),
    _required("at", BigInteger),
    _required("created_at", BigInteger),
    _required("status", Text),
    Column("accepted_at", BigInteger),
    Column("sent_at", BigInteger),
    Column("delivered_at", BigInteger),
    Column("read_at", BigInteger),
    Column("failed_at", BigInteger),
    Column("error_code", Integer),
    Column("error_detail", Text),
    Column("played_at", BigInteger),
    Column("enrollment_id", BigInteger),
    Column("step", Integer),
    Column("agent_id", BigInteger),
    Column("pricing_category", Text),
    Column("pricing_type", Text),
    Column("edited_at", BigInteger),
    Column("revoked_at", BigInteger),
    Column("reaction", Text),
    Column("reaction_at", BigInteger),
    _required("imported", Boolean),  # known from the phone's history alone (crm/model/imports.py)
    Column(
        "reached_at", BigInteger
    ),  # the latest of delivered, read and played: "something arrived since" in one comparison
)
# The brief's "recent messages" (P1). Its predicate "of the last 30 days" cannot be: an index's predicate is fixed
# when a row is written, so now() is forbidden there in both databases. The whole index answers the same query from
# its newest end.
_index("ix_messages_recent", messages.c.conversation_id, messages.c.at.desc(), messages.c.id.desc())
_index("ix_messages_silent", messages.c.conversation_id, messages.c.at, where=MESSAGE_SILENT)
_index("ix_messages_reached", messages.c.account_id, messages.c.reached_at, where=MESSAGE_REACHED)
_index("ix_messages_manual", messages.c.account_id, messages.c.at, where=MESSAGE_MANUAL)
_index("ix_messages_counted", messages.c.direction, messages.c.kind, messages.c.status)
_index("ix_messages_imported", messages.c.account_id, messages.c.conversation_id, where=MESSAGE_IMPORTED)

# The ledger, which is only added to. It names no contact, so that joining, parting and erasing people leaves it alone; amounts are
# millionths of the currency, as finely as a rate card may say.
charges = sa.Table(
    "charges",
    metadata,
    Column("wamid", Text, primary_key=True),
    _required("message_id", BigInteger),
    _required("account_id", BigInteger),
    Column("enrollment_id", BigInteger),
    _required("market", Text),
    _required("category", Text),
    _required("type", Text),
    Column("amount", BigInteger),
    _required("currency", Text),
    _required("card_date", Text),
    _required("at", BigInteger),
    _index("ix_charges_at", "at"),
    _index("ix_charges_account_id", "account_id", "at", "currency", "amount"),
    sqlite_with_rowid=False,
)

commitments = sa.Table(
    "commitments",
    metadata,
    Column("outbox_id", Id, primary_key=True, autoincrement=False),
    _required("account_id", BigInteger),
    _required("amount", BigInteger),
    _required("currency", Text),
    _required("at", BigInteger),
    _index("ix_commitments_at", "at"),
)

media = sa.Table(
    "media",
    metadata,
    _id(),
    _required("account_id", BigInteger),
    Column("message_id", BigInteger),
    Column("meta_id", Text),
    _required("kind", Text),
    _required("mime_type", Text),
    Column("name", Text),
    Column("size", BigInteger),
    Column("sha256", Text),
    _required("state", Text),
    Column("key", Text),
    Column("thumbnail_key", Text),
    _required("created_at", BigInteger),
    _required("ready_at", BigInteger),
    _required("attempts", Integer),
    Column("error", Text),
    Column("url", Text),
    Column("url_until", BigInteger),
    _index("ix_media_message_id", "message_id"),
    _index("ix_media_wanted", "ready_at", "id", where=MEDIA_WANTED),
    _index("ix_media_kept", "ready_at", "id", where=MEDIA_KEPT),
    _index("ix_media_lost", "ready_at", "id", where=MEDIA_LOST),
    _index("ix_media_key", "key"),
    _index("ix_media_thumbnail_key", "thumbnail_key", where=MEDIA_WITH_THUMBNAIL),
    _index("ix_media_sha256", "sha256", where=MEDIA_WANTED),
)

uploads = sa.Table(
    "uploads",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("key", Text, primary_key=True),
    _required("meta_id", Text),
    _required("uploaded_at", BigInteger),
    _index("ix_uploads_uploaded_at", "uploaded_at"),
)

parked = sa.Table(
    "parked",
    metadata,
    Column("wamid", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("at", BigInteger, primary_key=True),
    _required("data", Text),
    _required("kept_at", BigInteger),
    _index("ix_parked_kept_at", "kept_at"),
)

# --- what a phone in coexistence hands over ---------------------------------------------------------------------------

imports = sa.Table(
    "imports",
    metadata,
    Column("account_id", Id, primary_key=True, autoincrement=False),
    Column("contacts_asked_at", BigInteger),
    Column("history_asked_at", BigInteger),
    Column("heard_at", BigInteger),
    Column("phase", Integer),
    _required("progress", Integer),
    Column("declined_at", BigInteger),
    _required("groups", Integer),
    Column("told_at", BigInteger),
    Column("files_until", BigInteger),
)

history_slices = sa.Table(
    "history_slices",
    metadata,
    _id(),
    _required("account_id", BigInteger),
    _required("webhook_id", BigInteger),
    _required("phase", Integer),
    _required("size", Integer),
    _required("content", Text),
    _required("created_at", BigInteger),
    Column(
        "ready_at", BigInteger
    ),  # nobody may claim it before: its arrival, a lease's end, the next attempt; applied: never
    _required("attempts", Integer),
    _required("key", Text),
    _index("uq_history_slices_key", "account_id", "key", unique=True),
    _index("ix_history_slices_order", "phase", "id"),
    _index("ix_history_slices_ready_at", "ready_at"),
)

book_names = sa.Table(
    "book_names",
    metadata,
    Column("key", Text, primary_key=True),
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text),
    _required("at", BigInteger),
)

quick_echoes = sa.Table(
    "quick_echoes",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("sign", Text, primary_key=True),
    Column("contact_id", BigInteger, primary_key=True, autoincrement=False),
    _required("at", BigInteger),
    _index("ix_quick_echoes_at", "at"),
)

# --- templates --------------------------------------------------------------------------------------------------------

templates = sa.Table(
    "templates",
    metadata,
    _id(),
    _required("waba_id", Text),
    _required("name", Text),
    _required("language", Text),
    _required("category", Text),
    _required("status", Text),
    Column("components", Text),
    _required("updated_at", BigInteger),
    Column("meta_id", Text),
    _required("quality", Text),
    Column("reason", Text),
    Column("paused_until", BigInteger),
    Column("previous_category", Text),
    Column("next_category", Text),
    Column("next_category_at", BigInteger),
    Column("status_at", BigInteger),
    Column("category_at", BigInteger),
    Column("quality_at", BigInteger),
    Column("components_at", BigInteger),
    Column("refusal", Integer),
    Column("refusal_at", BigInteger),
    _required("stale", Boolean),
    _required("deleted", Boolean),
    sa.UniqueConstraint("waba_id", "name", "language"),
)

# --- what arrived -----------------------------------------------------------------------------------------------------

webhook_logs = sa.Table(
    "webhook_logs",
    metadata,
    _own_id(),
    _required(
        "dedup_key", LargeBinary(16), unique=True
    ),  # begins with the payload's time, so that new keys lie side by side
    _required("body", LargeBinary),
    _required("received_at", BigInteger),
    _required("state", Text),
    _required("attempts", Integer, server_default=sa.text("0")),
    _required("ready_at", BigInteger),  # nobody may claim it before: its arrival, a lease's end, or the next attempt
    Column("next_attempt_at", BigInteger),
    Column("error", Text),
    Column("done_at", BigInteger),
    _index("ix_webhook_logs_waiting", "ready_at", "id", where=WEBHOOK_WAITS),
    _index("ix_webhook_logs_done", "received_at", where=WEBHOOK_DONE),
    _index("ix_webhook_logs_dead", "id", where=WEBHOOK_DEAD),
)

webhook_elements = sa.Table(
    "webhook_elements",
    metadata,
    _id(),
    _required("webhook_id", BigInteger),
    _required("position", Text),
    _required("kind", Text),
    _required("state", Text),
    _required("reason", Text),
    _required("payload", Text),
    _required("created_at", BigInteger),
    sa.UniqueConstraint("webhook_id", "position"),
    _index("ix_webhook_elements_state", "state", "id"),
)

# --- plans ------------------------------------------------------------------------------------------------------------

sequences = sa.Table(
    "sequences",
    metadata,
    _id(),
    _required("key", Text, unique=True),
    _required("name", Text),
    _required("state", Text),
    _required("trigger", Text),
    Column("account_id", BigInteger),
    _required("steps", Text),
    _required("version", Integer),
    _required("updated_at", BigInteger),
    _required("rules", Text),
)

sequence_versions = sa.Table(
    "sequence_versions",
    metadata,
    Column("sequence_id", BigInteger, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    _required("steps", Text),
    _required("rules", Text),
    _required("created_at", BigInteger),
)

revisions = sa.Table(
    "revisions",
    metadata,
    Column("name", Text, primary_key=True),
    _required("number", BigInteger),
)

enrollments = sa.Table(
    "enrollments",
    metadata,
    _id(),
    _required("contact_id", BigInteger),
    _required("conversation_id", BigInteger, sa.ForeignKey("conversations.id")),
    _required("account_id", BigInteger),
    _required("sequence_id", BigInteger),
    _required("state", Text),
    _required("position", Integer),
    _required("started_at", BigInteger),
    _required("trigger", Text),
    Column("next_due_at", BigInteger),
    Column("reason", Text),
    Column("replied_at", BigInteger),
    Column("remaining", BigInteger),
    Column("step_from", BigInteger),
    _required("version", Integer),
    Column("asked", Integer),
    Column("branched_at", BigInteger),
    Column("asked_before", Integer),
    Column("branched_before", BigInteger),
    _index("ix_enrollments_due", "sequence_id", "next_due_at", where=ENROLLMENT_ACTIVE),
    _index("uq_enrollments_open", "conversation_id", "sequence_id", where=ENROLLMENT_OPEN, unique=True),
    _index("ix_enrollments_conversation", "conversation_id", "sequence_id"),
    _index("ix_enrollments_counted", "sequence_id", "state"),
)

# --- what must leave --------------------------------------------------------------------------------------------------

outbox = sa.Table(
    "outbox",
    metadata,
    _id(),
    _required("opaque", Text, unique=True),
    _required("account_id", BigInteger),
    _required("contact_id", BigInteger),
    _required("conversation_id", BigInteger),
    _required("origin", Text),
    _required("state", Text),
    _required("due_at", BigInteger),
    _required("attempts", Integer),
    _required("created_at", BigInteger),
    _required("text", Text),
    Column("template", Text),
    Column("reply_to_wamid", Text),
    Column("basis", Text),
    Column("enrollment_id", BigInteger),
    Column("step", Integer),
    Column("pending_id", BigInteger),
    Column("agent_id", BigInteger),
    Column("lease_until", BigInteger),
    Column("error_code", Integer),
    Column("error", Text),
    Column("dedupe", Text, unique=True),
    Column("media_id", BigInteger),
    Column("content", Text),
    Column("after_id", BigInteger),
    _required("priority", SmallInteger),  # the origin's precedence
    Column("worker", Text),
    _index("ix_outbox_queued", "account_id", "priority", "due_at", "id", where=OUTBOX_QUEUED),
    _index("ix_outbox_unsettled_of", "conversation_id", where=OUTBOX_UNSETTLED),
    _index("ix_outbox_sending", "lease_until", where=OUTBOX_SENDING),
    _index("ix_outbox_unknown", "lease_until", where=OUTBOX_UNKNOWN),
    _index("ix_outbox_settled", "state", "account_id", where=OUTBOX_SETTLED),
)

pending = sa.Table(
    "pending",
    metadata,
    _id(),
    _required("account_id", BigInteger),
    _required("contact_id", BigInteger),
    _required("conversation_id", BigInteger, sa.ForeignKey("conversations.id")),
    _required("text", Text),
    Column("template", Text),
    _required("reason", Text),
    _required("priority", Integer),
    _required("added_at", BigInteger),
    _required("state", Text),
    _required("version", Integer),
    Column("enrollment_id", BigInteger),
    Column("step", Integer),
    Column("outbox_id", BigInteger),
    Column("agent_id", BigInteger),
    Column("resolved_at", BigInteger),
    Column("resolved_by", BigInteger),
    Column("media_id", BigInteger),
    Column("content", Text),
    Column("reply_to_wamid", Text),
    _index("ix_pending_priority", "priority", "added_at", "id", where=PENDING_OPEN),
    _index("ix_pending_open_of", "conversation_id", where=PENDING_OPEN),
    _index("ix_pending_enrollment_id", "enrollment_id"),
)

# --- what people must know --------------------------------------------------------------------------------------------

delivery_issues = sa.Table(
    "delivery_issues",
    metadata,
    _id(),
    _required("account_id", BigInteger),
    _required("contact_id", BigInteger),
    _required("conversation_id", BigInteger, sa.ForeignKey("conversations.id")),
    _required("level", Text),
    _required("probability", Integer),
    _required("message_ids", Text),
    _required("state", Text),
    _required("opened_at", BigInteger),
    Column("closed_at", BigInteger),
    Column("closed_by", BigInteger),
    Column("closed_why", Text),
    _index("uq_delivery_issues_open", "conversation_id", where=ISSUE_OPEN, unique=True),
)

alerts = sa.Table(
    "alerts",
    metadata,
    _id(),
    _required("kind", Text),
    _required("severity", Text),
    _required("key", Text),
    _required("params", Text),
    _required("count", Integer),
    _required("raised_at", BigInteger),
    _required("last_at", BigInteger),
    Column("account_id", BigInteger),
    Column("contact_id", BigInteger),
    Column("acknowledged_at", BigInteger),
    Column("acknowledged_by", BigInteger),
    _index("uq_alerts_open", "key", where=ALERT_OPEN, unique=True),
    _index("ix_alerts_key", "key", "raised_at"),
)

notices = sa.Table(
    "notices",
    metadata,
    _id(),
    Column("agent_id", BigInteger),
    _required("kind", Text),
    _required("subject_id", BigInteger),
    Column("conversation_id", BigInteger),
    _required("params", Text),
    _required("priority", Integer),
    _required("due_at", BigInteger),
    _required("attempts", Integer),
    _required("created_at", BigInteger),
    _required("ready_at", BigInteger),  # nobody may claim it before: due, or a lease's end
    _index("ix_notices_order", "priority", "id"),
    _index("ix_notices_ready_at", "ready_at"),
    _index("ix_notices_subject_id", "subject_id"),
)

audit_log = sa.Table(
    "audit_log",
    metadata,
    _own_id(),
    _required("at", BigInteger),
    _required("actor", Text),
    _required("action", Text),
    _required("subject", Text),
    Column("before", Text),
    Column("after", Text),
    Column("why", Text),
    _index("ix_audit_log_subject", "subject", "at"),
)

audit_seals = sa.Table(
    "audit_seals",
    metadata,
    Column("up_to", BigInteger, primary_key=True, autoincrement=False),
    _required("count", Integer),
    _required("digest", Text),
    _required("sealed_at", BigInteger),
)

# --- what the house itself must remember ------------------------------------------------------------------------------

job_runs = sa.Table(
    "job_runs",
    metadata,
    Column("job", Text, primary_key=True),
    Column("fire_at", BigInteger, primary_key=True),
    _required("started_at", BigInteger),
    Column("finished_at", BigInteger),
    Column("outcome", Text),
)

secrets = sa.Table(
    "secrets",
    metadata,
    Column("name", Text, primary_key=True),
    _required("ciphertext", LargeBinary),
    _required("updated_at", BigInteger),
)

token_forms = sa.Table(
    "token_forms",
    metadata,
    Column("code_hash", Text, primary_key=True),
    _required("account_id", BigInteger),
    _required("agent_id", BigInteger),
    _required("expires_at", BigInteger),
    _required("tries", Integer),
    Column("taken_at", BigInteger),
)

id_blocks = sa.Table(
    "id_blocks",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    _required("next_id", BigInteger),
)

# --- the Telegram side ------------------------------------------------------------------------------------------------

tg_updates = sa.Table(
    "tg_updates",
    metadata,
    Column("update_id", Id, primary_key=True, autoincrement=False),
    _required("body", LargeBinary),
    _required("received_at", BigInteger),
    Column("handled_at", BigInteger),
    _index("ix_tg_updates_unhandled", "update_id", where=UPDATE_UNHANDLED),
    _index("ix_tg_updates_handled_at", "handled_at"),
)

tg_messages = sa.Table(
    "tg_messages",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    _required("subject_id", BigInteger),
    _required("at", BigInteger),
    _index("ix_tg_messages_subject", "kind", "subject_id"),
)

dialogs = sa.Table(
    "dialogs",
    metadata,
    Column("chat_id", Id, primary_key=True, autoincrement=False),
    _required("state", Text),
    _required("updated_at", BigInteger),
)

confirmations = sa.Table(
    "confirmations",
    metadata,
    Column("token", Text, primary_key=True),
    _required("agent_id", BigInteger),
    _required("act", Text),
    _required("expires_at", BigInteger),
    Column("used_at", BigInteger),
)
