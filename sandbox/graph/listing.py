"""Fields and pages: how the Graph API lets one read nodes and lists.

Reference: section 4.1 (131059 for a bad cursor) and sections 6 to 8 for the fields of a number.
"""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from typing import Any

from yarl import URL

from sandbox.graph.errors import GraphError, Json
from sandbox.graph.phone_numbers import Business

NUMBER_DEFAULTS = (
    "verified_name",
    "code_verification_status",
    "display_phone_number",
    "quality_rating",
    "platform_type",
    "throughput",
    "webhook_configuration",
)
ACCOUNT_DEFAULTS = ("name", "timezone_id", "currency", "message_template_namespace")
TEMPLATE_FILTERS = ("name", "status", "language", "category")
PAGE_SIZE, LARGEST_PAGE = 25, 1000


def account_fields(business: Business) -> dict[str, Any]:
    """Return every field `GET /{waba_id}` knows."""
    entity = {"entity_type": "WABA", "id": business.waba_id, "can_send_message": "AVAILABLE"}
    return {
        "id": business.waba_id,
        "name": business.name,
        "timezone_id": "1",
        "currency": "USD",
        "message_template_namespace": f"ns_{business.waba_id}",
        "account_review_status": "APPROVED",
        "health_status": {"can_send_message": "AVAILABLE", "entities": [entity]},
    }


def pick(node: Mapping[str, Any], fields: str | None, defaults: Sequence[str]) -> Json:
    """Return the fields that were asked for, and always the id; refuse a field that does not exist."""
    wanted = re.sub(r"\{.*?\}|\..*?(?=,|$)", "", fields).split(",") if fields else list(defaults)
    names = [name.strip() for name in wanted if name.strip()]
    if unknown := next((name for name in names if name not in node), None):
        raise GraphError(100, f"Tried accessing nonexisting field ({unknown})")
    return {name: node[name] for name in names} | {"id": node["id"]}


def page(rows: Sequence[Json], query: Mapping[str, str], url: str) -> Json:
    """Cut one page out of a list, with cursors and the address of the next one."""
    limit = query.get("limit", str(PAGE_SIZE))
    if not limit.isdigit() or not 1 <= int(limit) <= LARGEST_PAGE:
        raise GraphError(100, "Param limit must be a number between 1 and 1000.")
    size = int(limit)
    if "before" in query:
        end = _position(query["before"])
        start = max(0, end - size)
    else:
        start = _position(query["after"]) + 1 if "after" in query else 0
        end = start + size
    shown = list(rows[start:end])
    answer: Json = {"data": shown}
    if shown:
        last = start + len(shown) - 1
        answer["paging"] = {"cursors": {"before": _cursor(start), "after": _cursor(last)}}
        if last + 1 < len(rows):
            following = URL(url).without_query_params("before").update_query(after=_cursor(last))
            answer["paging"]["next"] = str(following.without_query_params("access_token", "appsecret_proof"))
    return answer


def _cursor(position: int) -> str:
    return base64.urlsafe_b64encode(f"at:{position}".encode()).decode()


def _position(cursor: str) -> int:
    try:
        mark, _, position = base64.urlsafe_b64decode(cursor).decode().partition(":")
        if mark == "at":
            return int(position)
    except (ValueError, binascii.Error):
        pass
    raise GraphError(131059)
