"""A parcel in the words of the Graph API, and the preflight that names the wrong field (reference 3)."""

from dataclasses import replace
from typing import Any

import pytest

from bot.whatsapp.compose import compose
from crm.errors import Scope, SendRejected
from crm.model.media import MediaKind
from crm.model.messages import TemplateRef
from crm.model.outbox import Address, Enclosed, Parcel

PARCEL = Parcel(
    phone_number_id="106540352242922",
    account_id=1,
    to=Address("+16505551234", None),
    opaque="c7f3",
    text="Hello",
    template=None,
    reply_to_wamid=None,
)


FILE = Enclosed(MediaKind.IMAGE, "a" * 64, "image/jpeg", "foto.jpg", "900123")


def a_parcel(**changes: Any) -> Parcel:
    return replace(PARCEL, **changes)


def test_a_text_leaves_without_a_preview() -> None:
    assert compose(PARCEL) == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "+16505551234",
        "type": "text",
        "text": {"body": "Hello", "preview_url": False},
        "biz_opaque_callback_data": "c7f3",
    }


def test_the_plus_is_never_missing() -> None:
    assert compose(a_parcel(to=Address("16505551234", None)))["to"] == "+16505551234"


def test_a_person_without_phone_is_the_recipient() -> None:
    message = compose(a_parcel(to=Address(None, "US.13491208655302741918")))
    assert message["recipient"] == "US.13491208655302741918"
    assert "to" not in message


def test_the_phone_wins_over_the_scoped_id() -> None:
    message = compose(a_parcel(to=Address("+16505551234", "US.1")))
    assert message["to"] == "+16505551234"
    assert "recipient" not in message


def test_a_reply_quotes_the_message_it_answers() -> None:
    assert compose(a_parcel(reply_to_wamid="wamid.IN"))["context"] == {"message_id": "wamid.IN"}


def test_a_template_carries_its_parameters_in_order() -> None:
    message = compose(a_parcel(template=TemplateRef("order_ready", "en-US", ("Ana", "7"))))
    assert message["type"] == "template"
    assert message["template"] == {
        "name": "order_ready",
        "language": {"code": "en_US"},
        "components": [
            {"type": "body", "parameters": [{"type": "text", "text": "Ana"}, {"type": "text", "text": "7"}]}
        ],
    }


def test_a_template_without_parameters_has_no_components() -> None:
    assert "components" not in compose(a_parcel(text="", template=TemplateRef("hello", "es")))["template"]


def test_a_parameter_loses_the_space_that_meta_refuses() -> None:
    template = TemplateRef("hello", "es", ("Ana\nMaría\tde  la      Cruz",))
    (component,) = compose(a_parcel(template=template))["template"]["components"]
    assert component["parameters"] == [{"type": "text", "text": "Ana María de  la Cruz"}]


def test_a_text_loses_what_json_cannot_carry() -> None:
    assert compose(a_parcel(text="a\0b\ud800"))["text"]["body"] == "ab\ufffd"


@pytest.mark.parametrize(
    ("changes", "code", "names"),
    [
        ({"text": ""}, "text-empty", "text"),
        ({"text": " \n"}, "text-empty", "text"),
        ({"text": "x" * 4_097}, "text-too-long", "text: 4097 characters, at most 4096"),
        ({"to": Address(None, None)}, "recipient-invalid", "to"),
        ({"to": Address("", "")}, "recipient-invalid", "to"),
        ({"to": Address("+1 650 555", None)}, "recipient-invalid", "to"),
        ({"to": Address("+١٦٥٠٥٥٥١٢٣٤", None)}, "recipient-invalid", "to"),
        ({"to": Address(None, "13491208655302741918")}, "recipient-invalid", "recipient"),
        ({"to": Address(None, "US." + "1" * 200)}, "recipient-invalid", "recipient"),
        ({"opaque": ""}, "opaque-invalid", "opaque"),
        ({"opaque": "x" * 513}, "opaque-invalid", "opaque"),
        ({"phone_number_id": "../me"}, "number-invalid", "phone_number_id"),
        ({"template": TemplateRef("Order Ready", "es")}, "template-invalid", "template.name"),
        ({"template": TemplateRef("order_ready", "Spanish")}, "template-invalid", "template.language"),
        ({"template": TemplateRef("a", "es", ("Ana", " "))}, "template-parameter-empty", "template.parameters[2]"),
        ({"template": TemplateRef("a", "es", ("x" * 1_025,))}, "template-parameter-too-long", "template.parameters[1]"),
    ],
)
def test_the_preflight_names_the_field(changes: dict[str, Any], code: str, names: str) -> None:
    with pytest.raises(SendRejected) as refusal:
        compose(a_parcel(**changes))
    assert (refusal.value.code, refusal.value.scope) == (code, Scope.MESSAGE)
    assert refusal.value.detail.startswith(names)


def test_the_longest_text_passes() -> None:
    assert len(compose(a_parcel(text="ñ" * 4_096))["text"]["body"]) == 4_096


# --- files --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "sent_as", "content"),
    [
        (MediaKind.IMAGE, "image", {"id": "900123", "caption": "Hello"}),
        (MediaKind.VIDEO, "video", {"id": "900123", "caption": "Hello"}),
        (MediaKind.DOCUMENT, "document", {"id": "900123", "caption": "Hello", "filename": "foto.jpg"}),
    ],
)
def test_a_file_carries_its_caption(kind: MediaKind, sent_as: str, content: dict[str, Any]) -> None:
    body = compose(a_parcel(enclosed=replace(FILE, kind=kind)))
    assert (body["type"], body[sent_as]) == (sent_as, content)


@pytest.mark.parametrize(
    ("kind", "sent_as", "content"),
    [
        (MediaKind.AUDIO, "audio", {"id": "900123"}),
        (MediaKind.VOICE, "audio", {"id": "900123", "voice": True}),
        (MediaKind.STICKER, "sticker", {"id": "900123"}),
    ],
)
def test_a_sound_or_a_sticker_carries_no_words(kind: MediaKind, sent_as: str, content: dict[str, Any]) -> None:
    enclosed = replace(FILE, kind=kind)
    assert compose(a_parcel(enclosed=enclosed, text=""))[sent_as] == content
    with pytest.raises(SendRejected, match="caption-too-long"):
        compose(a_parcel(enclosed=enclosed))


def test_a_document_without_a_name_gets_one_that_opens() -> None:
    enclosed = replace(FILE, kind=MediaKind.DOCUMENT, mime_type="application/pdf", name=None)
    assert compose(a_parcel(enclosed=enclosed))["document"]["filename"] == "file.pdf"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"enclosed": replace(FILE, meta_id=None)}, "media-unavailable"),
        ({"enclosed": replace(FILE, meta_id="../1")}, "media-unavailable"),
        ({"enclosed": FILE, "text": "x" * 1025}, "caption-too-long"),
    ],
)
def test_a_file_that_meta_would_refuse_names_its_field(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(SendRejected, match=code):
        compose(a_parcel(**changes))
