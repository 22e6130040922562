"""One pipeline for our events and the libraries': configured, redacted, and quiet about what is only noise."""

import asyncio
import io
import json
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from aiohttp import ClientSession, web
from aiohttp.http_exceptions import BadStatusLine
from pydantic import SecretStr

from bot import logs
from bot.config import Logs, Settings, Storage, Telegram, Vault, WhatsApp
from bot.redaction import Redactor
from tests.pipeline import as_it_was

log = structlog.get_logger(__name__)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    with as_it_was():
        yield


def configured(wanted: Logs | None = None, *secrets: str, stream: io.StringIO | None = None) -> io.StringIO:
    stream = stream or io.StringIO()
    logs.configure(wanted or Logs(), Redactor(secrets), stream)
    return stream


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_of_ours_is_a_line_of_json_with_its_time() -> None:
    stream = configured()
    log.info("send_postponed", outbox_id=7)
    (line,) = lines(stream)
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "send_postponed", "outbox_id": 7, "level": "info"}


def test_a_librarys_line_goes_the_same_way() -> None:
    stream = configured()
    logging.getLogger("some.library").warning("call %s back", "+5491155550099")
    (line,) = lines(stream)
    assert line["event"] == "call ***099 back"
    assert (line["level"], line["logger"]) == ("warning", "some.library")


def test_the_text_of_an_exception_is_cleaned_with_its_causes() -> None:
    stream = configured(None, "opaque-value")
    try:
        try:
            raise ConnectionError("https://api.telegram.org/bot7234567890:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/getMe")
        except ConnectionError as cause:
            raise ValueError("opaque-value of +5491155550099") from cause
    except ValueError:
        log.exception("failed")
        logging.getLogger("some.library").exception("failed")
    assert len(lines(stream)) == 2
    for line in lines(stream):
        assert "ConnectionError" in line["exception"]
        assert "ValueError" in line["exception"]
        for secret in ("AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", "opaque-value", "5491155550099"):
            assert secret not in str(line)


def test_context_that_was_bound_is_told_and_cleaned() -> None:
    stream = configured()
    with structlog.contextvars.bound_contextvars(phone="+5491155550099"):
        log.info("x")
    assert lines(stream)[0]["phone"] == "***099"


def test_a_terminal_gets_a_readable_form_and_a_pipe_gets_json() -> None:
    terminal, pipe = Terminal(), io.StringIO()
    configured(stream=terminal)
    log.info("x", a=1)
    configured(stream=pipe)
    log.info("x", a=1)
    assert not terminal.getvalue().startswith("{")
    assert lines(pipe)[0]["a"] == 1


def test_the_setting_overrules_what_the_stream_is() -> None:
    terminal = configured(Logs(format="json"), stream=Terminal())
    log.info("x")
    assert lines(terminal)[0]["event"] == "x"
    pipe = configured(Logs(format="console"))
    log.info("seen", secret="opaque-value", phone="+5491155550099")
    assert "seen" in pipe.getvalue()
    assert "opaque-value" not in pipe.getvalue()
    assert "5491155550099" not in pipe.getvalue()


@pytest.mark.parametrize(("level", "told"), [("debug", 3), ("info", 2), ("error", 1)])
def test_the_level_is_the_least_that_is_told(level: Any, told: int) -> None:
    stream = configured(Logs(level=level))
    log.debug("a")
    log.info("b")
    log.error("c")
    assert len(lines(stream)) == told


def test_talkative_libraries_are_heard_from_warning_up_even_at_debug() -> None:
    """At DEBUG python-telegram-bot writes what people say, and httpx at INFO the address with the token."""
    stream = configured(Logs(level="debug"))
    for name in logs.TALKATIVE:
        logging.getLogger(name).info("content")
        logging.getLogger(f"{name}.inner").debug("content")
    logging.getLogger("some.library").debug("content")
    assert stream.getvalue() == ""
    logging.getLogger("telegram.ext.Application").warning("trouble")
    assert [line["event"] for line in lines(stream)] == ["trouble"]


def test_a_line_that_cannot_be_formatted_is_not_repeated_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """The standard library would print the arguments to standard error, around the redactor."""
    configured()
    logging.getLogger("some.library").error("%d", "opaque-value")
    assert capsys.readouterr().err == ""


def test_a_warning_of_python_is_a_line() -> None:
    stream = configured()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn("call +5491155550099 back", UserWarning, stacklevel=1)
        logging.captureWarnings(capture=False)
    assert "call ***099 back" in lines(stream)[0]["event"]


def test_a_later_configuration_replaces_the_earlier_one() -> None:
    first, second = configured(), configured()
    logging.getLogger("some.library").error("once")
    log.error("once")
    assert first.getvalue() == ""
    assert len(lines(second)) == 2


def test_every_secret_of_the_settings_is_known_to_the_redactor() -> None:
    settings = Settings(
        storage=Storage(url="postgresql+asyncpg://centralita:data%2Fbase@db/centralita"),
        vault=Vault(keys=SecretStr("first-key, second-key")),
        whatsapp=WhatsApp(verify_token=SecretStr("verify"), app_secrets=[SecretStr("app-one"), SecretStr("app-two")]),
        telegram=Telegram(
            token=SecretStr("bot-token"), path_secret=SecretStr("path"), secret_token=SecretStr("header")
        ),
    )
    told = {
        "data/base",
        "data%2Fbase",
        "first-key",
        "second-key",
        "verify",
        "app-one",
        "app-two",
        "bot-token",
        "path",
        "header",
    }
    assert told <= set(logs.secrets_of(settings))


async def test_strangers_who_speak_no_http_are_one_counted_line() -> None:
    """Real aiohttp, real rubbish; a scanner must not fill the disk with stack traces."""
    counted: list[None] = []
    stream = io.StringIO()
    logs.configure(Logs(), Redactor(), stream, on_rubbish=lambda: counted.append(None))
    runner = web.AppRunner(web.Application(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    try:
        for _ in range(3):
            reader, writer = await asyncio.open_connection(host, port)
            writer.write(b"GET / HTTP/9.9.9\r\nbad header\r\n\r\n")
            assert b"400" in await reader.read()
            writer.close()
            await writer.wait_closed()
        async with ClientSession() as honest, honest.get(f"http://{host}:{port}/") as answer:
            assert answer.status == 404
    finally:
        await runner.cleanup()
    assert len(counted) == 3
    assert [(line["event"], line["count"]) for line in lines(stream)] == [("http_rubbish", 1)]


def test_what_was_not_told_of_the_rubbish_is_told_a_minute_later() -> None:
    stream = configured()
    server = logging.getLogger("aiohttp.server")
    for seconds in (0.0, 10.0, 20.0, 61.0):
        record = server.makeRecord(server.name, logging.ERROR, "", 0, "Error", (), None)
        record.created = 1_000_000 + seconds
        record.exc_info = (BadStatusLine, BadStatusLine("x"), None)
        server.handle(record)
    assert [line["count"] for line in lines(stream)] == [1, 3]


def test_a_real_error_in_a_handler_keeps_its_stack_trace() -> None:
    stream = configured()
    try:
        raise RuntimeError("a bug")
    except RuntimeError:
        logging.getLogger("aiohttp.server").exception("Error handling request")
    assert "RuntimeError: a bug" in lines(stream)[0]["exception"]
