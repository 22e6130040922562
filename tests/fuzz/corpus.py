"""One of everything that Meta puts into a webhook (reference 1.1 to 1.4), as it looks on the wire: what the fuzzer breaks."""

from typing import Any

from tests.unit.whatsapp.payloads import BSUID, BUSINESS, NUMBER_ID, PHONE, SECONDS, WAMID, a_message, a_status, an_echo

Json = dict[str, Any]

_FILE = {
    "mime_type": "image/jpeg",
    "sha256": "q83vEjRWeJCrze8=",
    "id": "65463453",
    "url": "https://lookaside.fbsbx.com/x",
}
_ERROR = {
    "code": 131051,
    "title": "Message type unknown",
    "message": "Message type unknown",
    "error_data": {"details": "Message type is currently not supported."},
}
_CONTEXT = {"from": BUSINESS, "id": "wamid.OURS"}
_REFERRAL = {
    "source_url": "https://fb.me/x",
    "source_id": "120",
    "source_type": "ad",
    "headline": "Sale",
    "body": "Today",
    "media_type": "image",
    "image_url": "https://example.org/i.jpg",
    "ctwa_clid": "ARA",
    "welcome_message": {"text": "Hi"},
}

MESSAGES: tuple[Json, ...] = (
    a_message(),
    a_message(context={**_CONTEXT, "forwarded": True}),
    a_message(referral=_REFERRAL),
    a_message("image", {"caption": "c", **_FILE}),
    a_message("video", {**_FILE, "mime_type": "video/mp4"}),
    a_message("audio", {**_FILE, "mime_type": "audio/ogg; codecs=opus", "voice": True}),
    a_message("document", {**_FILE, "filename": "f.pdf", "mime_type": "application/pdf"}),
    a_message("sticker", {**_FILE, "mime_type": "image/webp", "animated": False}),
    a_message("location", {"latitude": 37.46, "longitude": -122.21, "name": "HQ", "address": "1 Hacker Way"}),
    a_message("contacts", [{"name": {"formatted_name": "A B"}, "phones": [{"phone": "+1 555", "wa_id": "1555"}]}]),
    a_message("interactive", {"type": "button_reply", "button_reply": {"id": "x", "title": "Yes"}}, context=_CONTEXT),
    a_message("interactive", {"type": "list_reply", "list_reply": {"id": "r", "title": "T", "description": "D"}}),
    a_message("interactive", {"type": "nfm_reply", "nfm_reply": {"name": "flow", "response_json": '{"a":"b"}'}}),
    a_message("button", {"payload": "STOP", "text": "Stop promotions"}, context=_CONTEXT),
    a_message("reaction", {"message_id": WAMID, "emoji": "😮"}),
    a_message("reaction", {"message_id": WAMID}),
    a_message("order", {"catalog_id": "1", "product_items": [{"product_retailer_id": "d", "quantity": 2}]}),
    a_message("system", {"body": "changed", "type": "user_changed_number", "wa_id": "1219", "previous_user_id": BSUID}),
    a_message(
        "system", {"body": "changed", "type": "user_changed_user_id", "user_id": "ES.3", "previous_user_id": BSUID}
    ),
    a_message("unsupported", {"type": "poll_creation"}, errors=[_ERROR]),
    a_message("edit", {"original_message_id": WAMID, "message": {"type": "text", "text": {"body": "fixed"}}}),
    a_message("revoke", {"original_message_id": WAMID}),
)
STATUSES: tuple[Json, ...] = (
    a_status(),
    a_status("read", recipient_user_id=BSUID, biz_opaque_callback_data="o-1"),
    a_status(
        "delivered",
        pricing={"billable": True, "pricing_model": "PMP", "type": "regular", "category": "marketing"},
        conversation={"id": "c", "expiration_timestamp": "1750116480", "origin": {"type": "referral_conversion"}},
    ),
    a_status("failed", errors=[{**_ERROR, "code": 131049}]),
    a_status("played"),
)
ECHOES: tuple[Json, ...] = (
    an_echo(),
    an_echo("image", _FILE),
    an_echo("revoke", {"original_message_id": WAMID}),
    an_echo("edit", {"original_message_id": WAMID, "message": {"type": "text", "text": {"body": "x"}}}),
)
PREFERENCES: tuple[Json, ...] = (
    {
        "wa_id": PHONE,
        "user_id": BSUID,
        "detail": "stop",
        "category": "marketing_messages",
        "value": "stop",
        "timestamp": 1731705721,
    },
)
_TEMPLATE = {"message_template_id": 168, "message_template_name": "promo", "message_template_language": "en-US"}
FIELDS: dict[str, tuple[Json, ...]] = {
    "account_update": (
        {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE", "waba_ban_date": "April 17, 2025"}},
        {"event": "ACCOUNT_VIOLATION", "violation_info": {"violation_type": "ADULT"}},
        {
            "event": "ACCOUNT_RESTRICTION",
            "restriction_info": [{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": 1641330498}],
        },
        {
            "event": "PARTNER_REMOVED",
            "waba_info": {"waba_id": "1"},
            "disconnection_info": {"reason": "PRIMARY_INACTIVITY", "initiated_by": "SYSTEM"},
        },
    ),
    "account_review_update": ({"decision": "APPROVED"},),
    "account_alerts": (
        {
            "entity_type": "BUSINESS",
            "alert_info": {"alert_severity": "WARNING", "alert_type": "X", "alert_status": "A"},
        },
    ),
    "phone_number_quality_update": (
        {"display_phone_number": BUSINESS, "event": "THROUGHPUT_UPGRADE", "current_limit": "TIER_UNLIMITED"},
    ),
    "phone_number_name_update": (
        {"display_phone_number": BUSINESS, "decision": "APPROVED", "requested_verified_name": "Shop"},
    ),
    "business_capability_update": ({"max_daily_conversations_per_business": 2000, "max_phone_numbers_per_waba": 25},),
    "message_template_status_update": (
        {**_TEMPLATE, "event": "PAUSED", "reason": "NONE", "other_info": {"title": "FIRST_PAUSE", "description": "d"}},
    ),
    "message_template_quality_update": (
        {**_TEMPLATE, "previous_quality_score": "GREEN", "new_quality_score": "YELLOW"},
    ),
    "template_category_update": (
        {
            **_TEMPLATE,
            "new_category": "UTILITY",
            "correct_category": "MARKETING",
            "category_update_timestamp": 1746169200,
        },
        {**_TEMPLATE, "previous_category": "UTILITY", "new_category": "MARKETING"},
    ),
    "message_template_components_update": (
        {**_TEMPLATE, "message_template_element": "body", "message_template_buttons": [{"type": "URL"}]},
    ),
    "security": ({"display_phone_number": BUSINESS, "event": "PIN_RESET_REQUEST", "requester": "61555"},),
    "payment_configuration_update": ({"configuration_name": "r", "status": "Needs Testing"},),
    "partner_solutions": ({"event": "SOLUTION_CREATED", "solution_id": "774", "solution_status": "INITIATED"},),
    "business_username_update": ({"display_phone_number": BUSINESS, "username": "shop", "status": "approved"},),
    "smb_app_state_sync": (
        {
            "state_sync": [
                {
                    "type": "contact",
                    "contact": {"full_name": "Sheena Nelson", "first_name": "Sheena", "phone_number": PHONE},
                    "action": "add",
                    "metadata": {"timestamp": "1739321024"},
                }
            ]
        },
    ),
    "history": (
        {
            "history": [
                {
                    "metadata": {"phase": 0, "chunk_order": 1, "progress": 55},
                    "threads": [
                        {
                            "id": PHONE,
                            "messages": [
                                {
                                    "from": BUSINESS,
                                    "id": "wamid.H",
                                    "timestamp": SECONDS,
                                    "type": "text",
                                    "text": {"body": "old"},
                                    "history_context": {"status": "READ"},
                                }
                            ],
                        }
                    ],
                }
            ]
        },
        {"history": [{"errors": [{"code": 2593109, "title": "declined", "message": "declined"}]}]},
    ),
    "standby": ({"messages": [a_message()]},),
    "messaging_handovers": (
        {
            "type": "control_passed",
            "recipient": {"display_phone_number": BUSINESS, "phone_number_id": NUMBER_ID},
            "sender": {"phone_number": PHONE},
            "timestamp": SECONDS,
            "control_passed": {"new_owner_role": "ai_agent"},
        },
    ),
    "calls": ({"calls": [{"id": "c", "from": PHONE, "event": "connect", "timestamp": SECONDS}]},),
    "flows": ({"event": "FLOW_STATUS_CHANGE", "flow_id": "1"},),
    "something_new": ({"a": 1},),
}
