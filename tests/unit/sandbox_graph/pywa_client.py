"""pywa, a client we did not write, with the simulated Graph API in Meta's place."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pywa_async.types
import pywa_async.types.templates
from pywa_async import WhatsApp, errors  # type: ignore[attr-defined]

from tests.unit.sandbox_graph.conftest import SECRET, TOKEN, Stand

__all__ = ["WhatsApp", "a_client", "errors", "templates", "types"]

types: Any = pywa_async.types
"""Its names are not marked as exported, so that a type checker does not see them."""
templates: Any = pywa_async.types.templates


@asynccontextmanager
async def a_client(stand: Stand, token: str = TOKEN) -> AsyncIterator[WhatsApp]:
    """A client as its documents show it; only the base URL, which it takes for granted, is another one."""
    async with httpx.AsyncClient() as session:
        wa = WhatsApp(
            phone_id="1065",
            token=token,
            session=session,
            waba_id="2001",
            app_id=77,
            app_secret=SECRET,
            verify_token="verify-me",
        )
        session.base_url = httpx.URL(f"{stand.graph.url}/v26.0")
        yield wa
