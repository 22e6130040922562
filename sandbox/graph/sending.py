"""May this message be sent? The whole of Meta's answer as pure functions: body and facts in, verdict or refusal out.

The order is that of the real platform as far as it is known: shape, recipient, throughput, template, person, window. What Meta
finds out only later (nobody on WhatsApp there, marketing caps) comes back as `late`, a failed status after a 200.
Reference: section 3 "Sending", section 4 "Limits", section 5.1 "Customer service window".
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.graph import templates
from sandbox.graph.errors import GraphError, Json
from sandbox.graph.identity import digits, is_united_states
from sandbox.graph.shapes import CHECKERS, MEDIA_TYPES
from sandbox.graph.state import Basis, Thread
from sandbox.graph.templates import Template

OPAQUE_LIMIT = 512

LATE_CODES: frozenset[int] = frozenset({131026, 131049, 130472})
"""Refusals that a 200 precedes: Meta does not look the person up before it answers."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A well-formed send. Either `to` (digits, as Meta understood them) or `recipient` (a BSUID) is set."""

    type: str
    content: Json
    text: str
    input: str
    to: str | None
    recipient: str | None
    opaque: str | None
    context: str | None

    @property
    def media_id(self) -> str | None:
        return self.content.get("id") if self.type in MEDIA_TYPES else None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the platform knows at the moment of the call; `thread` is None when nobody there uses WhatsApp."""

    number_phone: str
    throughput_left: bool
    templates: Sequence[Template]
    thread: Thread | None
    late_codes: Collection[int] = LATE_CODES
    brief_rules: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Accepted: on what basis, at which category, with which words; `late` is the failure that will follow."""

    basis: Basis
    category: str
    text: str
    template: Template | None = None
    late: GraphError | None = None


def read_body(raw: bytes, parsed: Any) -> Json:
    """Check the outermost layer that sends and read receipts share."""
    if not isinstance(parsed, dict):
        raise GraphError(100, f"The request body is not a JSON object ({len(raw)} bytes).")
    if parsed.get("messaging_product") != "whatsapp":
        raise GraphError(100, "The parameter messaging_product is required.")
    return parsed


def draft(body: Json, business_phone_code: str) -> Draft:
    """Read a send, or refuse what is malformed."""
    kind = body.get("type", "text")
    checker = CHECKERS.get(kind) if isinstance(kind, str) else None
    if checker is None:
        raise GraphError(100, f"Param type must be one of {{{', '.join(sorted(each.upper() for each in CHECKERS))}}}.")
    if body.get("recipient_type", "individual") != "individual":
        raise GraphError(100, "Param recipient_type must be individual.")
    content = body.get(kind)
    if not isinstance(content, list if kind == "contacts" else dict):
        raise GraphError(131008, f"The parameter {kind} is required.")
    try:
        words = checker(content)
    except (AttributeError, KeyError, TypeError) as wrong:
        raise GraphError(131009, f"Param {kind} is malformed.") from wrong
    to, recipient = _recipient(body, business_phone_code)
    opaque = body.get("biz_opaque_callback_data")
    if opaque is not None and (not isinstance(opaque, str) or len(opaque) > OPAQUE_LIMIT):
        raise GraphError(100, f"Param biz_opaque_callback_data must be at most {OPAQUE_LIMIT} characters long.")
    context = body.get("context") or {}
    if not isinstance(context, dict):
        raise GraphError(131009, "Param context is malformed.")
    given = content if isinstance(content, dict) else {"contacts": content}
    shown = str(body.get("to") or body.get("recipient"))
    return Draft(kind, given, words, shown, to, recipient, opaque, context.get("message_id"))


def _recipient(body: Json, business_phone_code: str) -> tuple[str | None, str | None]:
    """Return phone or BSUID; if both are given `to` wins (1.5).

    Without "+" Meta puts the *business's* country code in front, and the message goes astray (section 3).
    """
    to, recipient = body.get("to"), body.get("recipient")
    if to in (None, ""):
        if not isinstance(recipient, str) or not recipient:
            raise GraphError(100, "The parameter to is required.")
        if "." not in recipient:
            raise GraphError(131009, "Param recipient is not a business-scoped user ID.")
        return None, recipient
    if not isinstance(to, str) or set(to) - set("+0123456789 -().") or not 5 <= len(digits(to)) <= 20:
        raise GraphError(131009, "Param to is not a valid phone number.")
    return (digits(to) if to.strip().startswith("+") else business_phone_code + digits(to)), None


def judge(message: Draft, facts: Facts, now: datetime) -> Verdict:
    """Decide about a well-formed send."""
    if message.to == facts.number_phone:
        raise GraphError(131021)
    if not facts.throughput_left:
        raise GraphError(130429)
    chosen = templates.choose(facts.templates, message.content) if message.type == "template" else None
    words = templates.render(chosen, message.content) if chosen else message.text
    category = chosen.category.lower() if chosen else "service"
    if category == "authentication" and message.recipient is not None:
        raise GraphError(131062)
    problem = _problem(message, category, facts, now)
    if problem is not None and problem.code not in facts.late_codes:
        raise problem
    basis: Basis | None = "template" if chosen else None
    if basis is None and facts.thread is not None:
        basis = facts.thread.basis(now, brief_rules=facts.brief_rules)
    return Verdict(basis or "customer_message", category, words, chosen, problem)


def _problem(message: Draft, category: str, facts: Facts, now: datetime) -> GraphError | None:
    thread = facts.thread
    if thread is None:
        return GraphError(131026)
    if category == "marketing":
        if thread.no_marketing:
            return GraphError(131050)
        if message.to is not None and is_united_states(message.to):
            return GraphError(131049)
    if message.type != "template" and thread.basis(now, brief_rules=facts.brief_rules) is None:
        return GraphError(131047)
    return None if thread.pair.has_room(now) else GraphError(131056)
