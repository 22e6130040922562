"""What Meta answers when it refuses, in one table.

The simulated platform must refuse with the very bodies Meta uses, because the program under test decides by `code` and `details`.
The same row serves a refusal on the spot (`GraphError`) and a refusal that comes later as a failed status (`failure`).
Reference: section 3 "Error body" and section 4.1 "Error codes".
"""

import secrets
from typing import Any, NamedTuple

Json = dict[str, Any]

HREF = "/documentation/business-messaging/whatsapp/support/error-codes"


class Known(NamedTuple):
    """One row of Meta's error table."""

    http: int
    title: str
    details: str = ""


KNOWN: dict[int, Known] = {
    0: Known(401, "AuthException", "We were unable to authenticate the app user"),
    1: Known(400, "API Unknown", "Possibly a temporary issue. Check the request against the reference"),
    2: Known(503, "API Service", "Temporary issue due to downtime or being overloaded"),
    3: Known(500, "API Method", "Capability or permissions issue"),
    4: Known(400, "API Too Many Calls", "The app has reached its API call rate limit"),
    10: Known(403, "Permission Denied", "Permission is either not granted or has been removed"),
    33: Known(400, "Parameter value is not valid", "The business phone number has been deleted"),
    100: Known(400, "Invalid parameter", "The request included one or more unsupported or misspelled parameters"),
    101: Known(400, "Error validating application", "Cannot get application info"),
    190: Known(401, "Access token has expired", "Get a new access token"),
    200: Known(403, "API Permission", "You do not have the necessary permissions on this asset"),
    368: Known(403, "Temporarily blocked for policies violations", "The account violated a platform policy"),
    803: Known(404, "Some of the aliases you requested do not exist", "Object not found"),
    80007: Known(400, "Rate limit issues", "The WhatsApp Business Account has reached its rate limit"),
    130403: Known(400, "Recipient is blocked", "The business has blocked this user"),
    130429: Known(
        400, "Rate limit hit", "Message failed to send because there were too many messages sent in a short time"
    ),
    130472: Known(400, "User's number is part of an experiment", "Message was not sent as part of an experiment"),
    130497: Known(403, "Business account is restricted from messaging users in this country", ""),
    131000: Known(500, "Something went wrong", "Message failed to send due to an unknown error"),
    131005: Known(403, "Access denied", "Permission is either not granted or has been removed"),
    131008: Known(400, "Required parameter is missing", "The request is missing a required parameter"),
    131009: Known(400, "Parameter value is not valid", "One or more parameter values are invalid"),
    131016: Known(500, "Service unavailable", "A service is temporarily unavailable"),
    131021: Known(400, "Recipient cannot be sender", "Sender and recipient phone number is the same"),
    131026: Known(400, "Message undeliverable", "Unable to deliver message"),
    131030: Known(400, "Recipient phone number not in allowed list", "Add the number to the allowed list"),
    131031: Known(403, "Account has been locked", "The account was restricted or disabled for violating a policy"),
    131037: Known(400, "Display name approval needed", "The number needs an approved display name"),
    131042: Known(400, "Business eligibility payment issue", "There was an error related to your payment method"),
    131045: Known(500, "Incorrect certificate", "Message failed to send due to a phone number registration error"),
    131047: Known(
        400,
        "Re-engagement message",
        "Message failed to send because more than 24 hours have passed since the customer last replied to this number",
    ),
    131048: Known(400, "Spam rate limit hit", "Restrictions on how many messages can be sent from this number"),
    131049: Known(
        400,
        "This message was not delivered to maintain healthy ecosystem engagement.",
        "In order to maintain a healthy ecosystem engagement, the message failed to be delivered.",
    ),
    131050: Known(
        400, "User has stopped marketing messages", "The recipient chose to stop marketing messages from you"
    ),
    131051: Known(400, "Unsupported message type", "Message type is currently not supported."),
    131052: Known(400, "Media download error", "Unable to download the media sent by the user"),
    131053: Known(400, "Media upload error", "Unable to upload the media used in the message"),
    131056: Known(
        400,
        "(Business Account, Consumer Account) pair rate limit hit",
        "Too many messages sent from the sender phone number to the same recipient phone number in a short time",
    ),
    131057: Known(500, "Account in maintenance mode", "The account is in maintenance mode"),
    131059: Known(400, "Invalid cursor", "The cursor is not valid for this list"),
    131060: Known(400, "This message is unavailable", "The message was sent from an unsupported companion client"),
    131062: Known(400, "Business-scoped user ID not supported", "This message needs a phone number as recipient"),
    132000: Known(400, "Number of parameters does not match the expected number of params", ""),
    132001: Known(404, "Template name does not exist in the translation", ""),
    132005: Known(400, "Translated text too long", "The translated text is too long"),
    132007: Known(400, "Template format character policy violated", ""),
    132012: Known(400, "Parameter format does not match format in the created template", ""),
    132015: Known(400, "Template is paused", "The template is paused due to low quality"),
    132016: Known(400, "Template is disabled", "The template was paused too many times and is now disabled"),
    132018: Known(400, "Invalid template parameters", "There is an issue with the parameters of the template"),
    133010: Known(400, "Phone number not registered", "The number is not registered on the WhatsApp Business Platform"),
    133016: Known(400, "Account register deregister rate limit exceeded", ""),
    2593107: Known(400, "Sync request limit reached", "This synchronisation was already requested"),
    2593108: Known(400, "Sync request outside of the allowed time", "More than 24 hours have passed since onboarding"),
}


def known(code: int) -> Known:
    """Return Meta's row for a code; codes outside the table look like a plain bad request."""
    return KNOWN.get(code, Known(400, "Unknown error"))


class GraphError(Exception):
    """A refusal on the spot: HTTP status and Meta's error body."""

    def __init__(
        self,
        code: int,
        details: str | None = None,
        *,
        subcode: int | None = None,
        http: int | None = None,
        is_transient: bool | None = None,
    ) -> None:
        row = known(code)
        self.code, self.subcode, self.is_transient = code, subcode, is_transient
        self.http = http or row.http
        self.title = row.title
        self.details = row.details if details is None else details
        super().__init__(f"(#{code}) {self.title}: {self.details}")

    def body(self) -> Json:
        """Return the JSON body as Meta writes it."""
        error: Json = {
            "message": self.details if self.code == 190 else f"(#{self.code}) {self.title}",
            "type": "OAuthException",
            "code": self.code,
        }
        if self.details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.is_transient is not None:
            error["is_transient"] = self.is_transient
        return {"error": {**error, "fbtrace_id": "A" + secrets.token_urlsafe(16)}}


def failure(code: int, details: str | None = None) -> Json:
    """Return one element of `statuses[].errors` (reference 1.2)."""
    row = known(code)
    error: Json = {"code": code, "title": row.title, "message": row.title, "href": HREF}
    if text := row.details if details is None else details:
        error["error_data"] = {"details": text}
    return error
