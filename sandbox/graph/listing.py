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
_UNSET = """
    conversational_automation quality_score new_name_status is_pin_enabled is_preverified_number search_visibility
    eligibility_for_api_business_global_search certificate new_certificate last_onboarded_time country_code
    country_dial_code username

    business_verification_status is_enabled_for_insights marketing_messages_lite_api_status
    marketing_messages_onboarding_status on_behalf_of_business_info ownership_type country
    disable_marketing_messages_on_cloud_api

    message_send_ttl_seconds correct_category previous_category rejected_reason library_template_name sub_category
    cta_url_link_tracking_opted_out degrees_of_freedom_spec
"""
UNSET = frozenset(_UNSET.split())
"""Fields of numbers, accounts and templates that have no value here: they may be asked for, and do not come back."""
ONE_OF = ("status", "language", "category")
PART_OF = ("name",)
TEMPLATES_ALLOWED = 6000
PAGE_SIZE, LARGEST_PAGE = 25, 1000


def account_fields(business: Business, apps: Sequence[Json]) -> dict[str, Any]:
    """Return every field `GET /{waba_id}` knows."""
    entity = {"entity_type": "WABA", "id": business.waba_id, "can_send_message": "AVAILABLE"}
    return {
        "id": business.waba_id,
        "name": business.name,
        "timezone_id": "1",
        "currency": "USD",
        "message_template_namespace": f"ns_{business.waba_id}",
        "status": "ACTIVE",
        "account_review_status": "APPROVED",
        "subscribed_apps": {"data": list(apps)},
        "owner_business_info": {"id": business.portfolio_id, "name": business.portfolio_name},
        "health_status": {"can_send_message": "AVAILABLE", "entities": [entity]},
    }


def pick(node: Mapping[str, Any], fields: str | None, defaults: Sequence[str]) -> Json:
    """Return the fields that were asked for and have a value, and always the id; refuse a field that does not exist."""
    wanted = re.sub(r"\{.*?\}|\..*?(?=,|$)", "", fields).split(",") if fields else list(defaults)
    names = [name.strip() for name in wanted if name.strip()]
    if unknown := next((name for name in names if name not in node and name not in UNSET), None):
        raise GraphError(100, f"Tried accessing nonexisting field ({unknown})")
    return {name: node[name] for name in names if name in node} | {"id": node["id"]}


def fits(template: Json, query: Mapping[str, str]) -> bool:
    """Say whether a template is among those asked for: one of several statuses, languages and categories, a part of the name."""
    return all(template[key] in query.get(key, template[key]).split(",") for key in ONE_OF) and all(
        query.get(key, "") in template[key] for key in PART_OF
    )


def summary(fields: str, rows: Sequence[Json], business: Business) -> Json:
    """Return the counts beside a list of templates that were asked for."""
    known = {
        "total_count": len(rows),
        "message_template_count": len(business.templates),
        "message_template_limit": TEMPLATES_ALLOWED,
        "are_translations_complete": False,
    }
    return {name: known[name] for name in fields.split(",") if name in known}


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
