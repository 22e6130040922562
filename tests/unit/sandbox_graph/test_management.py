"""Tokens, numbers, lists and media: the part of the API that is not about sending."""

import io
import json
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from tests.unit.sandbox_graph.conftest import NOON, SECRET, TOKEN, Stand

EXCHANGE = {"grant_type": "fb_exchange_token", "client_id": "77", "client_secret": SECRET}


async def exchange(stand: Stand, token: str, **more: str) -> tuple[int, Any]:
    query = EXCHANGE | {"fb_exchange_token": token, "set_token_expires_in_60_days": "true"} | more
    return await stand.call("GET", "/v26.0/oauth/access_token", token=None, params=query)


async def debug(stand: Stand, token: str) -> Any:
    query = {"input_token": token, "access_token": f"77|{SECRET}"}
    _, answer = await stand.call("GET", "/v26.0/debug_token", token=None, params=query)
    return answer["data"]


async def test_a_strange_an_expired_and_a_revoked_token_are_190(stand: Stand) -> None:
    for value, expires_at, subcode in (("old", NOON, 463), ("gone", None, 467)):
        stand.graph.add_number("1070", "2001", "+5491150000009", value, token_expires_at=expires_at)
        if (token := stand.graph.tokens.find(value)) and value == "gone":
            token.revoked = True
        status, answer = await stand.send(token=value)
        assert (status, answer["error"]["code"], answer["error"]["error_subcode"]) == (401, 190, subcode)
    assert await stand.code(token="never-issued") == 190


async def test_a_token_opens_only_its_own_numbers_and_needs_the_permission(stand: Stand) -> None:
    stand.graph.add_number("1080", "2002", "+5491150000002", "other-token")
    status, answer = await stand.send(token="other-token")
    assert (status, answer["error"]["code"]) == (403, 200)
    token = stand.graph.tokens.find(TOKEN)
    assert token is not None
    token.scopes.discard("whatsapp_business_messaging")
    assert await stand.code() == 10


async def test_a_living_token_is_exchanged_for_sixty_days_and_stays_valid(stand: Stand) -> None:
    stand.graph.add_number("1090", "2001", "+5491150000003", "short", token_expires_at=NOON + timedelta(days=5))
    status, answer = await exchange(stand, "short")
    assert (status, answer["token_type"], answer["expires_in"]) == (200, "bearer", 60 * 86400)
    fresh = answer["access_token"]
    assert (await debug(stand, "short"))["is_valid"]
    described = await debug(stand, fresh)
    assert described["expires_at"] == int((NOON + timedelta(days=60)).timestamp())
    query = {"client_id": "77", "client_secret": SECRET, "revoke_token": "short", "access_token": fresh}
    assert await stand.call("GET", "/oauth/revoke", token=None, params=query) == (200, {"success": True})
    assert not (await debug(stand, "short"))["is_valid"]
    assert (await stand.call("GET", "/v26.0/1090", token=fresh))[0] == 200


async def test_an_expired_token_cannot_be_exchanged_any_more(stand: Stand) -> None:
    stand.graph.add_number("1090", "2001", "+5491150000003", "short", token_expires_at=NOON + timedelta(days=5))
    stand.clock.pass_(days=5)
    status, answer = await exchange(stand, "short")
    assert (status, answer["error"]["code"], answer["error"]["error_subcode"]) == (401, 190, 463)
    data = await debug(stand, "short")
    assert (data["is_valid"], data["error"]["subcode"]) == (False, 463)


async def test_the_exchange_wants_the_right_app_and_secret(stand: Stand) -> None:
    assert (await exchange(stand, TOKEN, client_secret="wrong"))[1]["error"]["code"] == 1
    assert (await exchange(stand, TOKEN, client_id="78"))[1]["error"]["code"] == 101


async def test_a_token_without_end_is_described_with_zero(stand: Stand) -> None:
    data = await debug(stand, TOKEN)
    assert (data["expires_at"], data["is_valid"], data["app_id"]) == (0, True, "77")
    assert (await debug(stand, "nonsense"))["is_valid"] is False


async def test_the_proof_is_checked_if_sent_and_wanted_if_required(stand: Stand) -> None:
    stand.leo.writes(stand.number, "Hola")
    good = stand.graph.tokens.proof(TOKEN)
    path = "/v26.0/1065?appsecret_proof="
    assert (await stand.call("GET", path + good))[0] == 200
    assert (await stand.call("GET", path + "0" * 64))[1]["error"]["code"] == 100
    stand.graph.require_proof = True
    assert await stand.code() == 100
    assert (await stand.call("GET", path + good))[0] == 200


async def test_a_number_shows_the_fields_asked_for_and_refuses_unknown_ones(stand: Stand) -> None:
    fields = "quality_rating,health_status{can_send_message},is_on_biz_app"
    _, answer = await stand.call("GET", "/v26.0/1065", params={"fields": fields})
    assert set(answer) == {"id", "quality_rating", "health_status", "is_on_biz_app"}
    assert (await stand.call("GET", "/v26.0/1065", params={"fields": "colour"}))[1]["error"]["code"] == 100
    _, listed = await stand.call("GET", "/v26.0/2001/phone_numbers")
    assert [each["verified_name"] for each in listed["data"]] == ["Ventas AR"]


async def test_templates_come_in_pages(stand: Stand) -> None:
    for index in range(5):
        stand.number.add_template(f"t{index}", "es_AR", "UTILITY", "Hola {{1}}")
    names, query = [], {"limit": "2"}
    while True:
        _, answer = await stand.call("GET", "/v26.0/2001/message_templates", params=query)
        names += [each["name"] for each in answer["data"]]
        if "next" not in answer["paging"]:
            break
        query["after"] = answer["paging"]["cursors"]["after"]
    assert names == ["t0", "t1", "t2", "t3", "t4"]
    _, broken = await stand.call("GET", "/v26.0/2001/message_templates", params={"after": "nonsense"})
    assert broken["error"]["code"] == 131059


async def test_the_address_of_the_next_page_leads_there(stand: Stand) -> None:
    for index in range(3):
        stand.number.add_template(f"t{index}", "es_AR", "UTILITY", "Hola")
    _, first = await stand.call("GET", "/v26.0/2001/message_templates", params={"limit": "2"})
    following = first["paging"]["next"].removeprefix(stand.graph.url)
    _, second = await stand.call("GET", following)
    assert [each["name"] for each in second["data"]] == ["t2"]


async def test_usage_headers_come_when_switched_on(stand: Stand) -> None:
    stand.graph.app_usage = {"call_count": 91, "total_cputime": 15, "total_time": 12}
    async with stand.http.get(stand.graph.url + "/v26.0/1065") as answer:
        assert json.loads(answer.headers["X-App-Usage"])["call_count"] == 91


async def upload(stand: Stand, content: bytes, mime_type: str) -> tuple[int, Any]:
    form = aiohttp.FormData()
    form.add_field("messaging_product", "whatsapp")
    form.add_field("file", io.BytesIO(content), filename="f", content_type=mime_type)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with stand.http.post(stand.graph.url + "/v26.0/1065/media", data=form, headers=headers) as answer:
        return answer.status, await answer.json()


async def test_an_upload_can_be_sent_until_its_id_dies_after_30_days(stand: Stand) -> None:
    _, answer = await upload(stand, b"jpeg", "image/jpeg")
    body = {"to": "+5491155550099", "type": "image", "image": {"id": answer["id"], "caption": "Foto"}}
    stand.leo.writes(stand.number, "Hola")
    assert (await stand.post(body))[0] == 200
    stand.clock.pass_(days=30)
    stand.leo.writes(stand.number, "Hola")
    assert (await stand.post(body))[1]["error"]["code"] == 131009


@pytest.mark.parametrize(("content", "mime_type"), [(b"x" * (5 * 1024**2 + 1), "image/jpeg"), (b"x", "image/bmp")])
async def test_what_is_too_large_or_of_a_strange_kind_is_not_taken(
    stand: Stand, content: bytes, mime_type: str
) -> None:
    status, answer = await upload(stand, content, mime_type)
    assert status == 400
    assert answer["error"]["code"] in (100, 131053)


async def test_media_of_a_person_are_downloaded_with_the_bearer_within_five_minutes(stand: Stand) -> None:
    stand.leo.sends_media(stand.number, "image", b"a picture", "image/jpeg", caption="Mirá")
    await stand.graph.deliver_due()
    image = stand.hook.values()[0]["messages"][0]["image"]
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    async with stand.http.get(image["url"]) as answer:
        assert answer.status == 401
    async with stand.http.get(image["url"], headers=bearer) as answer:
        assert (answer.status, await answer.read()) == (200, b"a picture")
    stand.clock.pass_(minutes=5)
    async with stand.http.get(image["url"], headers=bearer) as answer:
        assert answer.status == 404
    _, described = await stand.call("GET", f"/v26.0/{image['id']}")
    assert (described["file_size"], described["mime_type"]) == ("9", "image/jpeg")
    stand.clock.pass_(days=7)
    assert (await stand.call("GET", f"/v26.0/{image['id']}"))[1]["error"]["error_subcode"] == 33
