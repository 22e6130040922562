"""One content of every shape, as tests use them."""

from crm.model.contents import (
    Buttons,
    Choice,
    ContactRequest,
    Content,
    LinkButton,
    ListMenu,
    Location,
    Reaction,
    Section,
    SharedContact,
    SharedContacts,
)

REACTION = Reaction("wamid.IN", "👍")
PLACE = Location(-34.6037, -58.3816, "Obelisco", "Av. 9 de Julio, Buenos Aires")
PEOPLE = SharedContacts((SharedContact("Ana López", ("+54 9 11 5555-0001", "011 4444-5555")), SharedContact("Beto")))
BUTTONS = Buttons("¿Confirmas?", (Choice("y", "Sí, confirmar"), Choice("n", "No")), "Tu pedido", "Gracias")
MENU = ListMenu(
    "¿Qué día te conviene?",
    "Ver días",
    (
        Section("Esta semana", (Choice("l", "Lunes", "de 9 a 12"), Choice("m", "Martes"))),
        Section("Otra semana", (Choice("o", "Otro día"),)),
    ),
)
LINK = LinkButton("Mira el catálogo", "Abrir", "https://example.com/catalogo?a=1")
PHONE_REQUEST = ContactRequest("¿Nos compartes tu teléfono?")
EVERY: tuple[Content, ...] = (REACTION, PLACE, PEOPLE, BUTTONS, MENU, LINK, PHONE_REQUEST)
