"""What pywa asks of Meta works here, and what Meta refuses becomes the error that pywa has for it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.acts.samples import sample
from sandbox.graph import Fault
from sandbox.graph.errors import KNOWN
from sandbox.graph.media import Media
from tests.unit.sandbox_graph.conftest import NOON, Stand
from tests.unit.sandbox_graph.pywa_client import WhatsApp, a_client, errors, templates, types

LEO = "+5491155550099"
SPANISH = templates.TemplateLanguage.SPANISH_ARG
Call = Callable[[WhatsApp], Awaitable[object]]


@pytest.fixture
async def wa(stand: Stand) -> AsyncIterator[WhatsApp]:
    stand.number.add_template("aviso", "es_AR", "UTILITY", "Hola {{1}}, tu pedido {{2}} salió.")
    stand.leo.writes(stand.number, "Hola")
    async with a_client(stand) as client:
        yield client


def asked(stand: Stand) -> str:
    """The id of what Leo wrote."""
    return stand.leo.lines("1065")[0].wamid


def picture() -> bytes:
    return sample("image").file().content


def stored(stand: Stand, media_id: str) -> Media:
    found = stand.graph.media.find(media_id, stand.clock.now())
    assert found is not None
    return found


# --- messages


async def test_a_text_leaves_with_its_quote_and_its_tracker(stand: Stand, wa: WhatsApp) -> None:
    sent = await wa.send_message(LEO, "Sí, hay", preview_url=True, reply_to_message_id=asked(stand), tracker="outbox-7")
    assert (sent.from_phone_id, sent.input, sent.chat.id) == ("1065", LEO, "5491155550099")
    message = stand.graph.find(sent.id)
    assert message is not None
    assert (message.text, message.context, message.opaque) == ("Sí, hay", asked(stand), "outbox-7")
    stand.clock.pass_(seconds=5)
    assert [each.text for each in stand.leo.inbox] == ["Sí, hay"]


async def test_somebody_is_reached_by_the_id_of_a_person_without_a_phone(stand: Stand, wa: WhatsApp) -> None:
    sent = await wa.send_message(stand.leo.bsuid, "Hola")
    assert sent.chat.id == stand.leo.bsuid
    assert (stand.graph.sends[-1].to, stand.graph.sends[-1].recipient) == (None, stand.leo.bsuid)


@pytest.mark.parametrize("kind", ["image", "video", "audio", "voice", "document", "sticker"])
async def test_files_of_every_kind_are_uploaded_and_sent(stand: Stand, wa: WhatsApp, kind: str) -> None:
    file = sample(kind).file()
    more = {"caption": "Mira"} if kind in ("image", "video", "document") else {}
    more |= {"filename": "lista.pdf"} if kind == "document" else {}
    sent = await getattr(wa, f"send_{kind}")(LEO, file.content, mime_type=file.mime_type, **more)
    message = stand.graph.find(sent.id)
    assert message is not None
    assert message.type == ("audio" if kind == "voice" else kind)
    assert message.content.get("caption") == more.get("caption")
    assert message.content.get("filename") == more.get("filename")
    assert stored(stand, message.content["id"]).content == file.content
    assert message.content.get("voice", False) is (kind == "voice")


async def test_a_place_and_cards_leave(stand: Stand, wa: WhatsApp) -> None:
    await wa.send_location(LEO, -34.6, -58.4, name="Tienda", address="Calle 1")
    card = types.Contact(
        name=types.Contact.Name(formatted_name="Ana Paz", first_name="Ana"),
        phones=[types.Contact.Phone(phone="+549115555", type="WORK")],
    )
    await wa.send_contact(LEO, [card])
    assert [each.body for each in stand.graph.sends] == ["Tienda", "Ana Paz"]


async def test_buttons_and_lists_leave_and_come_back_tapped(stand: Stand, wa: WhatsApp) -> None:
    buttons = [types.Button("Sí", "yes"), types.Button("No", "no")]
    asked_with_buttons = await wa.send_message(LEO, "¿Te sirve?", header="Pedido", footer="Tienda", buttons=buttons)
    rows = [types.SectionRow("Roble", "oak", "Mesa de roble"), types.SectionRow("Pino", "pine")]
    chosen = types.SectionList("Ver", [types.Section("Mesas", rows)])
    asked_with_list = await wa.send_message(LEO, "¿Cuál?", buttons=chosen)
    stand.clock.pass_(seconds=5)
    assert [each.content["type"] for each in stand.leo.inbox] == ["button", "list"]
    stand.leo.taps(stand.number, payload="yes", text="Sí", context_wamid=asked_with_buttons.id)
    stand.leo.taps(stand.number, payload="oak", text="Roble", context_wamid=asked_with_list.id)
    assert [each.text for each in stand.leo.lines("1065")][-2:] == ["Sí", "Roble"]


async def test_links_and_requests_leave(stand: Stand, wa: WhatsApp) -> None:
    await wa.send_message(LEO, "El catálogo", buttons=types.URLButton("Ver", "https://example.org/catalogo"))
    await wa.send_image(LEO, picture(), "Nuevo", mime_type="image/png", buttons=[types.Button("Quiero", "want")])
    await wa.request_location(LEO, "¿Dónde estás?")
    await wa.request_contact_info(LEO, "¿Nos pasas tu número?")
    kinds = [each.payload["interactive"]["type"] for each in stand.graph.sends]
    assert kinds == ["cta_url", "button", "location_request_message", "request_contact_info"]


async def test_a_template_leaves_with_its_parameters_filled_in(stand: Stand, wa: WhatsApp) -> None:
    sent = await wa.send_template(LEO, "aviso", SPANISH, [templates.BodyText.params("Leo", "A-7")])
    assert sent.status == "accepted"
    assert stand.graph.sends[-1].body == "Hola Leo, tu pedido A-7 salió."
    stand.graph.hold_templates = True
    held = await wa.send_template(LEO, "aviso", SPANISH, [templates.BodyText.params("Leo", "A-8")])
    assert held.status == "held_for_quality_assessment"


async def test_a_reaction_comes_and_goes(stand: Stand, wa: WhatsApp) -> None:
    await wa.send_reaction(LEO, "👍", asked(stand))
    assert stand.leo.lines("1065")[0].reactions == {"api": "👍"}
    await wa.remove_reaction(LEO, asked(stand))
    assert stand.leo.lines("1065")[0].reactions == {}


async def test_reading_and_typing_are_seen(stand: Stand, wa: WhatsApp) -> None:
    assert (await wa.mark_message_as_read(asked(stand))).success
    assert stand.leo.chat(stand.number)[0].tick == "read"
    assert stand.leo.thread(stand.number).typing_until is None
    assert (await wa.indicate_typing(asked(stand))).success
    assert stand.leo.thread(stand.number).typing_until == NOON + timedelta(seconds=25)


# --- media


async def test_a_file_goes_up_comes_down_and_is_deleted(stand: Stand, wa: WhatsApp, tmp_path: Path) -> None:
    media = await wa.upload_media(picture(), mime_type="image/png", filename="mesa.png")
    address = await wa.get_media_url(media.id)
    assert (address.mime_type, int(address.file_size)) == ("image/png", len(picture()))
    assert await wa.get_media_bytes(address.url) == picture()
    saved = await wa.download_media(url=address.url, path=tmp_path)
    assert (saved.suffix, saved.read_bytes()) == (".png", picture())
    assert (await wa.delete_media(media.id, phone_id=None)).success
    with pytest.raises(errors.WhatsAppError, match="does not exist"):
        await wa.get_media_url(media.id)


async def test_an_address_lives_five_minutes_and_wants_the_bearer(stand: Stand, wa: WhatsApp) -> None:
    media = await wa.upload_media(picture(), mime_type="image/png")
    address = (await wa.get_media_url(media.id)).url
    async with stand.http.get(address) as bare:
        assert bare.status == 401
    stand.clock.pass_(minutes=5)
    async with wa.api.stream_media_bytes(media_url=address) as late:
        assert late.status_code == 404


# --- what an account is and has


async def test_the_number_tells_of_itself(stand: Stand, wa: WhatsApp) -> None:
    number = await wa.get_business_phone_number()
    assert (number.id, number.verified_name, number.display_phone_number) == ("1065", "Ventas AR", "+5491150000000")
    assert (number.quality_rating, number.status, number.is_on_biz_app) == ("GREEN", "CONNECTED", False)
    assert number.webhook_configuration == {"application": stand.graph.webhook_url}
    assert [each.id for each in await wa.get_business_phone_numbers()] == ["1065"]


async def test_the_account_tells_of_itself(stand: Stand, wa: WhatsApp) -> None:
    account = await wa.get_business_account()
    assert (account.id, account.name, account.status, account.currency) == ("2001", "Ventas AR", "ACTIVE", "USD")
    assert [each.id for each in account.subscribed_apps or ()] == ["77"]


async def test_templates_are_listed_counted_filtered_and_turned_page_by_page(stand: Stand, wa: WhatsApp) -> None:
    stand.number.add_template("oferta", "es_AR", "MARKETING", "Hola {{name}}", header="Ofertas", footer="Tienda")
    stand.number.add_template("aviso", "en", "UTILITY", "Hello", "PAUSED")
    everything = await wa.get_templates()
    assert [(each.name, each.language, each.status) for each in everything] == [
        ("aviso", "es_AR", "APPROVED"),
        ("oferta", "es_AR", "APPROVED"),
        ("aviso", "en", "PAUSED"),
    ]
    assert (everything.total_count, everything.message_template_count) == (3, 3)
    assert everything[1].parameter_format == templates.ParamFormat.NAMED
    page = await wa.get_templates(pagination=types.Pagination(limit=2))
    assert (page.total_count, len(page), page.has_next) == (3, 2, True)
    kinds = [templates.TemplateCategory.MARKETING, templates.TemplateCategory.AUTHENTICATION]
    assert [each.name for each in await wa.get_templates(categories=kinds)] == ["oferta"]
    assert [each.language for each in await wa.get_templates(name="avi", languages=[SPANISH])] == ["es_AR"]
    assert (await wa.get_template(everything[1].id)).name == "oferta"


# --- refusals


@pytest.mark.parametrize("code", KNOWN)
async def test_every_code_becomes_the_error_that_pywa_has_for_it(stand: Stand, wa: WhatsApp, code: int) -> None:
    stand.graph.fail_next(Fault("error", code=code))
    with pytest.raises(errors.WhatsAppError) as refused:
        await wa.send_message(LEO, "Hola")
    wanted = errors.WhatsAppError.from_dict({"code": code, "message": ""})
    error = refused.value
    assert (type(error), error.code, error.status_code) == (type(wanted), code, KNOWN[code].http)
    assert error.details == (KNOWN[code].details or None)
    assert error.fbtrace_id


def out_of_the_window(stand: Stand) -> None:
    stand.clock.pass_(hours=24)


def paused(stand: Stand) -> None:
    stand.number.business.templates[0].status = "PAUSED"


def expired(stand: Stand) -> None:
    for token in stand.graph.tokens.of("1065"):
        token.expires_at = stand.clock.now()


def not_registered(stand: Stand) -> None:
    stand.number.registered = False


def in_a_hurry(stand: Stand) -> None:
    stand.number.mps = 0


def nothing(stand: Stand) -> None:
    """As things are."""


def hello(wa: WhatsApp) -> Awaitable[object]:
    return wa.send_message(LEO, "Hola")


def template(*values: str, name: str = "aviso") -> Call:
    return lambda wa: wa.send_template(LEO, name, SPANISH, [templates.BodyText.params(*values)])


REFUSED: dict[str, tuple[Callable[[Stand], None], Call, type[errors.WhatsAppError], int]] = {
    "the window is closed": (out_of_the_window, hello, errors.ReEngagementMessage, 131047),
    "to oneself": (
        nothing,
        lambda wa: wa.send_message("+5491150000000", "Hola"),
        errors.RecipientCannotBeSender,
        131021,
    ),
    "too fast": (in_a_hurry, hello, errors.RateLimitHit, 130429),
    "an expired token": (expired, hello, errors.ExpiredAccessToken, 190),
    "not registered": (not_registered, hello, errors.WhatsAppError, 133010),
    "a text too long": (nothing, lambda wa: wa.send_message(LEO, "x" * 4097), errors.WhatsAppError, 100),
    "no such template": (nothing, template("a", "b", name="nada"), errors.TemplateNotExists, 132001),
    "a parameter too few": (nothing, template("a"), errors.TemplateParamCountMismatch, 132000),
    "a parameter of two lines": (nothing, template("a\nb", "c"), errors.WhatsAppError, 132018),
    "a paused template": (paused, template("a", "b"), errors.TemplatePaused, 132015),
    "a reaction to nothing": (
        nothing,
        lambda wa: wa.send_reaction(LEO, "👍", "wamid.x"),
        errors.InvalidParameter,
        131009,
    ),
    "reading nothing": (nothing, lambda wa: wa.mark_message_as_read("wamid.x"), errors.InvalidParameter, 131009),
    "a dead media id": (nothing, lambda wa: wa.send_image(LEO, "123456789012345"), errors.InvalidParameter, 131009),
    "an empty file": (
        nothing,
        lambda wa: wa.upload_media(b"", mime_type="image/png", filename="x.png"),
        errors.MediaUploadError,
        131053,
    ),
    "a kind of file that WhatsApp has not": (
        nothing,
        lambda wa: wa.upload_media(b"x", mime_type="image/tiff", filename="x.tiff"),
        errors.WhatsAppError,
        100,
    ),
    "four buttons": (
        nothing,
        lambda wa: wa.send_message(LEO, "?", buttons=[types.Button(str(n), str(n)) for n in range(4)]),
        errors.InvalidParameter,
        131009,
    ),
    "a list of eleven": (
        nothing,
        lambda wa: wa.send_message(
            LEO,
            "?",
            buttons=types.SectionList(
                "Ver", [types.Section("Todo", [types.SectionRow(str(n), str(n)) for n in range(11)])]
            ),
        ),
        errors.InvalidParameter,
        131009,
    ),
    "a number that is not ours": (
        nothing,
        lambda wa: wa.send_message(LEO, "Hola", sender="999"),
        errors.WhatsAppError,
        100,
    ),
    "another address for one account": (
        nothing,
        lambda wa: wa.override_waba_callback_url("https://example.org/x", "verify-me"),
        errors.WhatsAppError,
        100,
    ),
    "what is not simulated": (nothing, lambda wa: wa.get_business_profile(), errors.WhatsAppError, 100),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_what_meta_refuses_is_refused(stand: Stand, wa: WhatsApp, what: str) -> None:
    prepare, call, error, code = REFUSED[what]
    prepare(stand)
    before = len(stand.graph.sends)
    with pytest.raises(error) as refused:
        await call(wa)
    assert refused.value.code == code
    assert len(stand.graph.sends) == before, "a refusal leaves nothing behind"


async def test_too_many_to_one_person_is_the_limit_of_the_pair(stand: Stand, wa: WhatsApp) -> None:
    for _ in range(45):
        await hello(wa)
    with pytest.raises(errors.TooManyMessages):
        await hello(wa)
    stand.clock.pass_(minutes=5)
    await hello(wa)


async def test_a_token_that_was_never_issued_opens_nothing(stand: Stand) -> None:
    async with a_client(stand, token="EAAG-never") as stranger:
        with pytest.raises(errors.ExpiredAccessToken):
            await stranger.get_business_phone_number()
