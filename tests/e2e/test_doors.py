"""The settings of the webhook's door reach it, and what happens at it is counted on the metrics page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.app import open_program
from bot.config import Settings
from storage.vault import generate_key

DOOR = "/webhooks/whatsapp"
UNSIGNED, FOREIGN, TOO_MANY = 401, 403, 429


@asynccontextmanager
async def house(url: str, **whatsapp: Any) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    """The program's HTTP surface with these settings."""
    settings = Settings.model_validate(
        {
            "storage": {"url": url},
            "vault": {"keys": generate_key()},
            "whatsapp": {"app_secrets": ["secret"], **whatsapp},
        }
    )
    async with open_program(settings) as program, TestClient(TestServer(program.application())) as client:
        yield client


async def knock(client: TestClient[web.Request, web.Application], *forwarded: str) -> int:
    headers = {"X-Forwarded-For": ", ".join(forwarded)} if forwarded else {}
    async with client.post(DOOR, data=b"{}", headers=headers) as answer:
        return answer.status


async def test_only_the_allowed_networks_may_come(sqlite_url: str) -> None:
    async with house(sqlite_url, allowed_networks=["10.0.0.0/8"]) as client:
        assert await knock(client) == FOREIGN
        assert await knock(client, "10.1.1.1") == FOREIGN
    async with house(sqlite_url, allowed_networks=["127.0.0.0/8"]) as client:
        assert await knock(client) == UNSIGNED


async def test_behind_a_proxy_of_ours_the_address_is_what_it_saw(sqlite_url: str) -> None:
    async with house(sqlite_url, allowed_networks=["10.0.0.0/8"], trusted_proxies=1) as client:
        assert await knock(client, "10.1.1.1") == UNSIGNED
        assert await knock(client, "10.1.1.1", "192.0.2.7") == FOREIGN


@pytest.mark.parametrize(("per_second", "burst", "last"), [(1, 2, TOO_MANY), (1, 10, UNSIGNED), (0, 2, UNSIGNED)])
async def test_each_source_has_its_burst(sqlite_url: str, per_second: int, burst: int, last: int) -> None:
    limits = {"per_source_per_second": per_second, "per_source_burst": burst}
    async with house(sqlite_url, **limits) as client:
        assert [await knock(client) for _ in range(4)][-1] == last


async def test_what_happens_at_the_door_is_counted(sqlite_url: str) -> None:
    async with house(sqlite_url) as client:
        await knock(client)
        page = await (await client.get("/metrics")).text()
    assert 'centralita_whatsapp_webhooks_total{outcome="unsigned"} 1.0' in page
    assert "centralita_whatsapp_webhook_seconds_count 1.0" in page
    assert "centralita_database_up 1.0" in page
