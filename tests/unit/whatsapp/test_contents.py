"""Contents on the wire as Meta documents them (reference 3), and the same words when Meta tells us of them again."""

from typing import Any

import pytest

from bot.whatsapp import contents as wire
from bot.whatsapp.readable import text_of as told
from crm.errors import SendRejected
from crm.model.contents import Buttons, Choice, Content, Reaction, kind_of, text_of
from sandbox.graph.shapes import CHECKERS
from tests.unit import contents

SHAPES: list[tuple[Content, dict[str, Any]]] = [
    (contents.REACTION, {"type": "reaction", "reaction": {"message_id": "wamid.IN", "emoji": "👍"}}),
    (Reaction("wamid.IN", ""), {"type": "reaction", "reaction": {"message_id": "wamid.IN", "emoji": ""}}),
    (
        contents.PLACE,
        {
            "type": "location",
            "location": {
                "latitude": -34.6037,
                "longitude": -58.3816,
                "name": "Obelisco",
                "address": "Av. 9 de Julio, Buenos Aires",
            },
        },
    ),
    (
        contents.PEOPLE,
        {
            "type": "contacts",
            "contacts": [
                {
                    "name": {"formatted_name": "Ana López", "first_name": "Ana", "last_name": "López"},
                    "phones": [
                        {"phone": "+54 9 11 5555-0001", "type": "CELL"},
                        {"phone": "011 4444-5555", "type": "CELL"},
                    ],
                },
                {"name": {"formatted_name": "Beto", "first_name": "Beto"}},
            ],
        },
    ),
    (
        contents.BUTTONS,
        {
            "type": "interactive",
            "interactive": {
                "type": "button",
                "header": {"type": "text", "text": "Tu pedido"},
                "body": {"text": "¿Confirmas?"},
                "footer": {"text": "Gracias"},
                "action": {
                    "buttons": [
                        {"type": "reply", "reply": {"id": "y", "title": "Sí, confirmar"}},
                        {"type": "reply", "reply": {"id": "n", "title": "No"}},
                    ]
                },
            },
        },
    ),
    (
        contents.MENU,
        {
            "type": "interactive",
            "interactive": {
                "type": "list",
                "body": {"text": "¿Qué día te conviene?"},
                "action": {
                    "button": "Ver días",
                    "sections": [
                        {
                            "title": "Esta semana",
                            "rows": [
                                {"id": "l", "title": "Lunes", "description": "de 9 a 12"},
                                {"id": "m", "title": "Martes"},
                            ],
                        },
                        {"title": "Otra semana", "rows": [{"id": "o", "title": "Otro día"}]},
                    ],
                },
            },
        },
    ),
    (
        contents.LINK,
        {
            "type": "interactive",
            "interactive": {
                "type": "cta_url",
                "body": {"text": "Mira el catálogo"},
                "action": {
                    "name": "cta_url",
                    "parameters": {"display_text": "Abrir", "url": "https://example.com/catalogo?a=1"},
                },
            },
        },
    ),
    (
        contents.PHONE_REQUEST,
        {
            "type": "interactive",
            "interactive": {
                "type": "contact_request",
                "body": {"text": "¿Nos compartes tu teléfono?"},
                "action": {"name": "request_contact_info"},
            },
        },
    ),
]


@pytest.mark.parametrize(("content", "message"), SHAPES)
def test_it_is_written_as_meta_documents_it(content: Content, message: dict[str, Any]) -> None:
    assert wire.compose(content) == message


@pytest.mark.parametrize("content", contents.EVERY)
def test_the_simulated_meta_takes_it(content: Content) -> None:
    message = wire.compose(content)
    assert CHECKERS[message["type"]](message[message["type"]])


@pytest.mark.parametrize("content", contents.EVERY)
def test_an_echo_of_it_has_the_words_that_were_kept(content: Content) -> None:
    """By these a send whose answer never came is recognised (reference, trap 8)."""
    assert told(kind_of(content), wire.compose(content)) == text_of(content)


def test_what_does_not_fit_never_reaches_meta() -> None:
    with pytest.raises(SendRejected) as refused:
        wire.compose(Buttons("?", (Choice("y", "Y" * 21),)))
    assert refused.value.code == "content-too-long"
    assert "field=button place=1" in refused.value.detail
