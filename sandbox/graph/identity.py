"""Names for people and messages as WhatsApp gives them out.

A wamid is opaque and unique for ever, also across two runs of the sandbox over one database. A BSUID belongs to one person in
one portfolio and is made from the phone, so that a restarted sandbox meets the same people. Reference: sections 1.1 and 1.5.
"""

import base64
import hashlib
import secrets

import phonenumbers


def new_wamid() -> str:
    return "wamid." + base64.b64encode(b"\x1d\x07\x17" + secrets.token_bytes(24)).decode()


def digits(phone: str) -> str:
    """Reduce a phone as people write it to its digits."""
    return "".join(char for char in phone if char.isdigit())


def country_code(phone: str) -> str:
    """Return the calling code of a phone in international form."""
    try:
        return str(phonenumbers.parse("+" + digits(phone), None).country_code)
    except phonenumbers.NumberParseException:
        return ""


def region(phone: str) -> str:
    """Return the two letters of the country a phone belongs to; ZZ when nobody knows."""
    try:
        number = phonenumbers.parse("+" + digits(phone), None)
    except phonenumbers.NumberParseException:
        return "ZZ"
    return (
        phonenumbers.region_code_for_number(number)
        or phonenumbers.region_code_for_country_code(number.country_code or 0)
        or "ZZ"
    )


def make_bsuid(phone: str, turn: int = 0) -> str:
    """Return the business-scoped user id of whoever holds this phone; `turn` counts those who had it before."""
    again = f"#{turn}" if turn else ""
    number = int.from_bytes(hashlib.sha256(f"{digits(phone)}{again}".encode()).digest()[:8], "big")
    return f"{region(phone)}.{number % 10**20:020d}"


def is_united_states(phone: str) -> bool:
    """Say whether a phone has a US area code; Meta delivers no marketing templates there (section 4)."""
    return phone.startswith("1") and region(phone) == "US"
