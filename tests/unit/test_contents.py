"""What a content reads like, and that it is the same after it was put away."""

import json

import pytest

from crm.errors import Unreadable
from crm.model import stored_contents
from crm.model.contents import Content, Reaction, kind_of, text_of
from crm.model.messages import saying
from tests.unit import contents


@pytest.mark.parametrize("content", contents.EVERY)
def test_it_comes_back_as_it_was(content: Content) -> None:
    assert stored_contents.read(json.loads(json.dumps(stored_contents.written(content)))) == content


def test_a_shape_of_a_newer_release_is_named() -> None:
    with pytest.raises(Unreadable, match=r"buttons\.9"):
        stored_contents.read({"is": "buttons.9"})


def test_what_was_written_once_is_read_for_ever() -> None:
    """The data of this release, letter by letter: a change of these shapes needs a new version beside them."""
    assert [stored_contents.written(each)["is"] for each in contents.EVERY] == [
        "reaction.1",
        "location.1",
        "contacts.1",
        "buttons.1",
        "list.1",
        "link.1",
        "contact_request.1",
    ]
    assert stored_contents.written(contents.BUTTONS) == {
        "is": "buttons.1",
        "body": "¿Confirmas?",
        "header": "Tu pedido",
        "footer": "Gracias",
        "buttons": [{"id": "y", "title": "Sí, confirmar"}, {"id": "n", "title": "No"}],
    }


@pytest.mark.parametrize(
    ("content", "kind", "text"),
    [
        (contents.REACTION, "reaction", "👍"),
        (Reaction("wamid.IN", ""), "reaction", ""),
        (
            contents.PLACE,
            "location",
            "Obelisco, Av. 9 de Julio, Buenos Aires\n-34.6037, -58.3816\n"
            "https://www.openstreetmap.org/?mlat=-34.6037&mlon=-58.3816",
        ),
        (contents.PEOPLE, "contacts", "Ana López: +54 9 11 5555-0001, 011 4444-5555\nBeto"),
        (contents.BUTTONS, "interactive", "Tu pedido\n¿Confirmas?\nGracias\n▸ Sí, confirmar\n▸ No"),
        (contents.MENU, "interactive", "¿Qué día te conviene?\n▸ Lunes\n▸ Martes\n▸ Otro día"),
        (contents.LINK, "interactive", "Mira el catálogo\n▸ Abrir: https://example.com/catalogo?a=1"),
        (contents.PHONE_REQUEST, "interactive", "¿Nos compartes tu teléfono?"),
    ],
)
def test_it_reads_as_plain_text(content: Content, kind: str, text: str) -> None:
    draft = saying(content, "wamid.Q")
    assert (kind_of(content), text_of(content)) == (kind, text)
    assert (draft.kind, draft.text, draft.content, draft.reply_to_wamid) == (kind, text, content, "wamid.Q")
