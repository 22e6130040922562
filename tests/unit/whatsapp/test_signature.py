"""Whether a webhook is Meta's, and under which key it is kept (reference 2)."""

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.whatsapp.signature import claimed, dedup_key, verify

BODY = b'{"object":"whatsapp_business_account","entry":[]}'
HEADER = "sha256=dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756"
DIGEST = bytes.fromhex(HEADER.removeprefix("sha256="))


def test_metas_test_vector_is_genuine() -> None:
    claim = claimed(HEADER)
    assert claim == DIGEST
    assert verify(BODY, DIGEST, [b"test_app_secret"])


def test_a_reserialised_body_is_not_genuine() -> None:
    spaced = b'{"object": "whatsapp_business_account", "entry": []}'
    assert not verify(spaced, DIGEST, [b"test_app_secret"])


def test_any_of_several_apps_may_sign() -> None:
    assert verify(BODY, DIGEST, [b"another", b"test_app_secret", b"third"])


def test_no_secret_signs_nothing() -> None:
    assert not verify(BODY, DIGEST, [])
    assert not verify(BODY, DIGEST, [b"another"])


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "sha256=",
        HEADER[:-1],
        HEADER + "0",
        HEADER.upper(),
        HEADER.replace("sha256", "sha1"),
        f" {HEADER}",
        f"{HEADER}\n",
        "sha256=" + "g" * 64,
        "sha256=" + "١" * 64,
    ],
)
def test_a_header_not_in_metas_form_claims_nothing(header: str | None) -> None:
    assert claimed(header) is None


def test_the_key_starts_with_the_first_timestamp_of_the_payload() -> None:
    body = b'{"a":{"timestamp":"1749416383"},"b":{"timestamp":"1749416384"}}'
    assert dedup_key(body, DIGEST) == (1749416383).to_bytes(4, "big") + DIGEST[:12]


@pytest.mark.parametrize("body", [b"", b'{"timestamp":1749416383}', b'{"timestamp":"174941638"}', b"\xff\x00"])
def test_a_body_without_timestamp_starts_with_zeros(body: bytes) -> None:
    assert dedup_key(body, DIGEST) == bytes(4) + DIGEST[:12]


def test_a_timestamp_beyond_four_bytes_does_not_overflow() -> None:
    assert dedup_key(b'"timestamp":"9999999999"', DIGEST)[:4] == b"\xff\xff\xff\xff"


@given(st.binary(max_size=300), st.binary(min_size=1, max_size=40))
def test_what_we_sign_is_genuine_and_every_key_has_16_bytes(body: bytes, secret: bytes) -> None:
    digest = hmac.digest(secret, body, "sha256")
    claim = claimed(f"sha256={digest.hex()}")
    assert claim == digest
    assert verify(body, digest, [secret])
    assert len(dedup_key(body, digest)) == 16
