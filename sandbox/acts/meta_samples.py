"""What Meta sends beside talk, one sample of each, and messages of kinds that no button of a phone makes here (reference 1.1, 1.4)."""

from sandbox.graph.errors import Json

NEWS: dict[str, tuple[str, Json]] = {
    "banned": ("account_update", {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}}),
    "reinstated": ("account_update", {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "REINSTATE"}}),
    "ban_scheduled": (
        "account_update",
        {
            "event": "DISABLED_UPDATE",
            "ban_info": {"waba_ban_state": "SCHEDULE_FOR_DISABLE", "waba_ban_date": "April 17, 2027"},
        },
    ),
    "restricted": (
        "account_update",
        {
            "event": "ACCOUNT_RESTRICTION",
            "restriction_info": [{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING"}],
        },
    ),
    "restricted_in_part": (
        "account_update",
        {"event": "ACCOUNT_RESTRICTION", "restriction_info": [{"restriction_type": "RESTRICTED_UTILITY_TEMPLATES"}]},
    ),
    "violation": (
        "account_update",
        {"event": "ACCOUNT_VIOLATION", "violation_info": {"violation_type": "SPAM"}},
    ),
    "disconnected": (
        "account_update",
        {"event": "PARTNER_REMOVED", "disconnection_info": {"reason": "PRIMARY_INACTIVITY", "initiated_by": "SYSTEM"}},
    ),
    "offboarded": ("account_update", {"event": "ACCOUNT_OFFBOARDED"}),
    "reconnected": ("account_update", {"event": "ACCOUNT_RECONNECTED"}),
    "app_uninstalled": ("account_update", {"event": "PARTNER_APP_UNINSTALLED"}),
    "price_tier": (
        "account_update",
        {
            "event": "VOLUME_BASED_PRICING_TIER_UPDATE",
            "volume_tier_info": {"pricing_category": "UTILITY", "tier": "25000001:50000000", "region": "India"},
        },
    ),
    "review": ("account_review_update", {"decision": "REJECTED"}),
    "meta_alert": (
        "account_alerts",
        {
            "entity_type": "BUSINESS",
            "alert_info": {
                "alert_severity": "WARNING",
                "alert_status": "ACTIVE",
                "alert_type": "INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED",
            },
        },
    ),
    "settings": ("account_settings_update", {"event": "SETTINGS_UPDATED"}),
    "name": (
        "phone_number_name_update",
        {"decision": "REJECTED", "requested_verified_name": "Centralita", "rejection_reason": "NAME_GENERIC"},
    ),
    "number_quality": ("phone_number_quality_update", {"event": "ONBOARDING", "current_limit": "TIER_2K"}),
    "capability": (
        "business_capability_update",
        {"max_daily_conversations_per_business": 2000, "max_phone_numbers_per_waba": 25},
    ),
    "username": ("business_username_update", {"username": "centralita", "status": "approved"}),
    "security": ("security", {"event": "PIN_RESET_REQUEST", "requester": "61555"}),
    "payments": (
        "payment_configuration_update",
        {"configuration_name": "pagos", "provider_name": "razorpay", "status": "Needs Testing"},
    ),
    "solution": (
        "partner_solutions",
        {"event": "SOLUTION_CREATED", "solution_id": "774", "solution_status": "INITIATED"},
    ),
    "form": (
        "flows",
        {"event": "FLOW_STATUS_CHANGE", "flow_id": "7", "old_status": "PUBLISHED", "new_status": "BLOCKED"},
    ),
    "group": ("group_lifecycle_update", {"groups": [{"type": "group_created", "group_id": "g1"}]}),
    "automatic_event": ("automatic_events", {"automatic_events": [{"event_name": "LeadSubmitted"}]}),
    "from_the_future": ("hologram_update", {"event": "APPEARED"}),
}
"""By name: the field and its value. Each names the number where Meta does."""

ELEMENTS: dict[str, Json] = {
    "order": {
        "type": "order",
        "order": {
            "catalog_id": "194",
            "text": "Para regalo",
            "product_items": [
                {"product_retailer_id": "zapato-40", "quantity": 2, "item_price": 7.99, "currency": "USD"},
                {"product_retailer_id": "cordones", "quantity": 1, "item_price": 1, "currency": "USD"},
            ],
        },
    },
    "form": {
        "type": "interactive",
        "interactive": {
            "type": "nfm_reply",
            "nfm_reply": {"name": "flow", "body": "Sent", "response_json": '{"flow_token":"t","talle":"40"}'},
        },
    },
    "list_reply": {
        "type": "interactive",
        "interactive": {"type": "list_reply", "list_reply": {"id": "r1", "title": "Rojo", "description": "Talle 40"}},
    },
    "quick_reply": {"type": "button", "button": {"payload": "MORE", "text": "Ver más"}},
    "quick_reply_stop": {"type": "button", "button": {"payload": "STOP", "text": "No más ofertas"}},
    "forwarded": {"type": "text", "text": {"body": "Mira esto"}, "context": {"frequently_forwarded": True}},
    "product": {
        "type": "text",
        "text": {"body": "¿Precio?"},
        "context": {"referred_product": {"catalog_id": "194", "product_retailer_id": "zapato-40"}},
    },
    "poll": {
        "type": "unsupported",
        "errors": [{"code": 131051, "title": "Message type unknown"}],
        "unsupported": {"type": "poll_creation"},
    },
    "view_once": {
        "type": "unsupported",
        "errors": [{"code": 131051, "title": "Message type unknown"}],
        "unsupported": {"type": "media_placeholder"},
    },
    "other_device": {"type": "unsupported", "errors": [{"code": 131060, "title": "Message unavailable"}]},
    "too_large": {"type": "video", "errors": [{"code": 131052, "title": "Media download error"}]},
    "new_device": {
        "type": "system",
        "system": {"type": "customer_identity_changed", "body": "Identity changed", "identity": "x"},
    },
    "hologram": {"type": "hologram", "hologram": {"depth": 3}},
}
"""By name: one element of `messages`."""
