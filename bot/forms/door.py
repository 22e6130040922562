"""The door behind the one-time address of a token's form.

A GET looks and uses nothing up: Telegram and others preview links. A POST takes the form, asks Meta, and only then is the old token
replaced; what was no good gives the form back. The secret in the address is the only key, so it stands in no log, no page and no link
that leads out, and the token is written nowhere but into the vault.
"""

import asyncio
import time
from collections.abc import Callable
from urllib.parse import parse_qs

import structlog
from aiohttp import web

from bot.forms import page
from bot.telegram.views.accounts import checklist, point
from bot.texts import DEFAULT, LANGUAGES, Say, Texts
from bot.whatsapp.sources import Sources, address_of
from crm.clock import Clock
from crm.errors import CrmError
from crm.model.numbers import Standing
from crm.services.onboarding import OnboardingService, Outcome
from crm.services.token_forms import OpenForm, TokenFormService

log = structlog.get_logger(__name__)

PER_SECOND, BURST = 1.0, 30
"""How often one address may come; guessing 256 bits is hopeless anyway, this keeps the database in peace."""
LARGEST_BODY = 8 * 1024
LONGEST_SECRET = 64
FORM = "application/x-www-form-urlencoded"


class TokenDoor:
    """Opens to who holds the secret of a form."""

    def __init__(
        self,
        forms: TokenFormService,
        onboarding: OnboardingService,
        clock: Clock,
        learn: Callable[[str], None],
        trusted_proxies: int = 0,
    ) -> None:
        self._forms, self._onboarding, self._clock, self._learn = forms, onboarding, clock, learn
        self._texts, self._trusted_proxies = Texts(), trusted_proxies
        self._sources = Sources(per_second=PER_SECOND, burst=BURST, monotonic=time.monotonic)

    def routes(self) -> list[web.RouteDef]:
        """For the program's one HTTP server."""
        return [web.get("/token/{secret}", self.show), web.post("/token/{secret}", self.take)]

    async def show(self, request: web.Request) -> web.Response:
        """The form, as often as anybody looks."""
        if not self._may_come(request):
            return _answer(429, page.busy(self._stranger(request)))
        found = await self._forms.look(_secret(request))
        if found is None:
            return _answer(404, page.gone(self._stranger(request)))
        say = self._say(found)
        return _answer(200, page.form(found.account.name, say.clock(found.form.expires_at), say))

    async def take(self, request: web.Request) -> web.Response:
        """One token, handed in."""
        if not self._may_come(request):
            return _answer(429, page.busy(self._stranger(request)))
        if request.headers.get("Sec-Fetch-Site") == "cross-site":  # a page of somebody else's has no business here
            return _answer(403, page.gone(self._stranger(request)))
        token = await _token(request)
        found = await self._forms.look(_secret(request))
        if found is None:
            return _answer(404, page.gone(self._stranger(request)))
        if token is None:
            return self._again(400, found, "form-bad")
        self._learn(token)
        taken = await self._forms.take(_secret(request))
        if taken is None:
            return _answer(404, page.gone(self._stranger(request)))
        return await self._handed_in(taken, token)

    async def _handed_in(self, taken: OpenForm, token: str) -> web.Response:
        """Try it. The form stays used only when the token is in its place."""
        outcome: Outcome | None = None
        try:
            outcome = await self._onboarding.replace_token(taken.account.id, token, f"agent:{taken.agent.id}")
        except CrmError as trouble:
            log.warning("token_form_failed", account_id=taken.account.id, code=trouble.code)
        finally:
            if outcome is None or outcome.account is None:
                await self._forms.give_back(taken)
        say = self._say(taken)
        if outcome is None:
            return self._again(503, taken, "form-failed")
        if outcome.account is None:
            log.info("token_form_refused", account_id=taken.account.id, agent_id=taken.agent.id)
            broken = [each for each in outcome.checkup.findings if each.standing in (Standing.BROKEN, Standing.UNKNOWN)]
            return self._again(422, taken, "form-refused", [point(each, say) for each in broken if each.vital])
        await self._forms.tell(taken)
        log.info("token_form_done", account_id=taken.account.id, agent_id=taken.agent.id)
        amiss = checklist(outcome.checkup, say) if outcome.checkup.problems else []
        return _answer(200, page.done(outcome.account.name, say, amiss))

    def _again(self, status: int, found: OpenForm, trouble: str, points: list[str] | None = None) -> web.Response:
        say, tries = self._say(found), found.tries_left
        if points is not None and tries <= 0:
            return _answer(404, page.gone(say))
        told = {"form-bad": say.plain("form-bad"), "form-refused": say.plain("form-refused")}
        words = told.get(trouble) or say.plain("form-failed")
        ends = say.clock(found.form.expires_at)
        left = tries if points is not None else 0
        return _answer(status, page.form(found.account.name, ends, say, words, points or (), left))

    # --- who asks ----------------------------------------------------------------------------------------------------------------

    def _may_come(self, request: web.Request) -> bool:
        forwarded = request.headers.getall("X-Forwarded-For", [])
        known = address_of(request.remote or "", forwarded, self._trusted_proxies) if self._trusted_proxies else None
        return self._sources.take(known or request.remote or "")

    def _say(self, found: OpenForm) -> Say:
        return self._texts.say(found.agent.language, found.agent.time_zone, self._clock.now())

    def _stranger(self, request: web.Request) -> Say:
        """Words for somebody who is not known: in the language that the browser asks for first, if it is one of ours."""
        wanted = request.headers.get("Accept-Language", "")[:2].lower()
        return self._texts.say(wanted if wanted in LANGUAGES else DEFAULT, "UTC", self._clock.now())


def _secret(request: web.Request) -> str:
    return request.match_info["secret"][: LONGEST_SECRET + 1]


async def _token(request: web.Request) -> str | None:
    """What was typed, if it can be a token. A body that is too large or no form is none."""
    if request.content_type != FORM or (request.content_length or 0) > LARGEST_BODY:
        return None
    try:
        await request.content.readexactly(LARGEST_BODY + 1)
    except asyncio.IncompleteReadError as whole:
        body = whole.partial
    else:
        return None
    try:
        fields = parse_qs(body.decode("ascii"), max_num_fields=4, errors="strict")
    except ValueError:
        return None
    token = "".join(fields.get("token", [])).strip()
    good = 0 < len(token) <= page.LONGEST_TOKEN and token.isascii() and token.isprintable() and " " not in token
    return token if good else None


def _answer(status: int, html: str) -> web.Response:
    return web.Response(status=status, text=html, content_type="text/html", charset="utf-8", headers=page.HEADERS)
