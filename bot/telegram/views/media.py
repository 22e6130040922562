"""A customer's file: the words beside it, and what stands in its place when it cannot be shown."""

from collections.abc import Mapping
from typing import Any

from bot.telegram.buttons import Button, Link
from bot.telegram.screen import Screen, rows
from bot.telegram.views.common import NAME, discreet, one_line, quoted
from bot.texts import Html, Say, clip, lines
from crm.model.agents import Agent
from crm.model.media import EXPIRED, Media, MediaState

SHOWN_WORDS = 600
"""A caption holds 1024 characters, and the whole text stands in the message above."""


def shown(media: Media, params: Mapping[str, Any], agent: Agent, say: Say, *, alone: bool) -> Screen:
    """The words beside a file. Answering it answers the customer. Where it stands `alone`, not under its message, it says more."""
    text = str(params.get("text") or "") if alone else ""
    return Screen(
        lines(
            _head(media, params, agent, say),
            quoted(text, SHOWN_WORDS) if text else None,
            say("media-odd") if media.error else None,
        ),
        shows=_shows(media, params),
    )


def missing(media: Media, params: Mapping[str, Any], agent: Agent, say: Say) -> Screen:
    """It was refused, or is gone: why."""
    key = f"error-{media.error}"
    reason = say.plain(key) if media.error and say.knows(key) else say.plain("error-media-unavailable")
    text = lines(_head(media, params, agent, say), say("media-missing", state=_state(media), reason=reason))
    return Screen(text, shows=_shows(media, params))


def elsewhere(media: Media, params: Mapping[str, Any], link: str | None, agent: Agent, say: Say) -> Screen:
    """Telegram does not take it: where it can be looked at, if anywhere."""
    megabytes = max(1, round((media.size or 0) / 1024 / 1024))
    text = lines(
        _head(media, params, agent, say),
        say("media-not-for-telegram", megabytes=megabytes, where="link" if link else "nowhere"),
    )
    button = Button(say.plain("button-open-file"), Link(link)) if link else None
    return Screen(text, rows([button]), _shows(media, params))


def _head(media: Media, params: Mapping[str, Any], agent: Agent, say: Say) -> Html:
    return say(
        "media-from",
        contact=clip(one_line(discreet(str(params.get("contact", "?")), agent)), NAME),
        account=clip(one_line(str(params.get("account", ""))), NAME),
        kind=media.kind.value,
        ours="yes" if params.get("ours") else "no",
    )


def _state(media: Media) -> str:
    if media.state is MediaState.REFUSED:
        return "refused"
    return "expired" if media.error == EXPIRED else "gone"


def _shows(media: Media, params: Mapping[str, Any]) -> dict[str, int]:
    """Answering the file answers its message."""
    named = {"conversation": params.get("conversation_id"), "message": params.get("message_id")}
    return {"media": media.id} | {kind: number for kind, number in named.items() if isinstance(number, int)}
