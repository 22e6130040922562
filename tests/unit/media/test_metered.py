"""What is done to files is counted by how it ended, with labels that are known beforehand."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.media.metered import MeteredPictures, MeteredStore
from bot.metrics import MeteredSource, MeteredUploader, Metrics
from crm.errors import NotFound, Refused, SendUncertain, Unavailable
from crm.model.media import MediaKind
from crm.model.outbox import Enclosed
from crm.ports import Address, Fetched, Fitted, Picture
from tests.unit.test_metrics import a_status


async def numbers(metrics: Metrics) -> dict[str, float]:
    """What the page says of files, as `name{labels}`."""

    async def look() -> object:
        return a_status()

    page = (await metrics.page(look)).decode()  # type: ignore[arg-type]
    return {
        sample.name.removeprefix("centralita_") + "/".join(["", *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
        if "media" in sample.name or "files" in sample.name
    }


class Eyes:
    """Pictures that take three seconds each."""

    def __init__(self, metrics_time: list[float]) -> None:
        self.time = metrics_time

    async def thumbnail(self, content: bytes, mime_type: str) -> Picture | None:
        self.time[0] += 3
        return Picture(content, mime_type) if content else None

    async def for_whatsapp(self, kind: MediaKind, content: bytes, mime_type: str) -> Fitted:
        self.time[0] += 3
        if content == b"bomb":
            raise Refused("file-too-complex")
        if content == b"bug":
            raise ZeroDivisionError
        return Fitted(content, mime_type)


async def test_looking_into_files_is_counted_by_kind_and_end_and_timed() -> None:
    time = [0.0]
    metrics = Metrics(lambda: time[0])
    pictures = MeteredPictures(Eyes(time), metrics)
    assert await pictures.thumbnail(b"x", "image/png") == Picture(b"x", "image/png")
    assert await pictures.thumbnail(b"", "image/png") is None
    assert await pictures.for_whatsapp(MediaKind.VIDEO, b"x", "video/mp4") == Fitted(b"x", "video/mp4")
    with pytest.raises(Refused):
        await pictures.for_whatsapp(MediaKind.VIDEO, b"bomb", "video/mp4")
    with pytest.raises(ZeroDivisionError):
        await pictures.for_whatsapp(MediaKind.VOICE, b"bug", "audio/ogg")
    found = await numbers(metrics)
    assert {name: value for name, value in found.items() if name.startswith("media_work_total")} == {
        "media_work_total/ok/thumbnail": 1,
        "media_work_total/nothing/thumbnail": 1,
        "media_work_total/ok/video": 1,
        "media_work_total/file-too-complex/video": 1,
        "media_work_total/broken/voice": 1,
    }
    assert (found["media_work_seconds_sum"], found["media_work_seconds_count"]) == (15, 5)


class Shelf:
    def __init__(self, trouble: Exception | None) -> None:
        self.trouble = trouble

    async def put(self, key: str, content: bytes, mime_type: str) -> None:
        if self.trouble:
            raise self.trouble

    async def get(self, key: str) -> bytes:
        if self.trouble:
            raise self.trouble
        return b"x"

    async def part(self, key: str, start: int, length: int) -> bytes:
        return await self.get(key)

    async def delete(self, key: str) -> None:
        await self.put(key, b"", "")


@pytest.mark.parametrize(
    ("trouble", "counted"),
    [(None, 0), (NotFound("media-gone"), 0), (Unavailable("media-store-unavailable"), 1), (OSError(), 1)],
)
async def test_a_store_that_fails_is_counted_and_a_file_that_is_not_there_is_an_answer(
    trouble: Exception | None, counted: int
) -> None:
    metrics = Metrics(lambda: 0.0)
    store = MeteredStore(Shelf(trouble), metrics)
    for call in (store.put("k", b"x", "t"), store.get("k"), store.part("k", 0, 1), store.delete("k")):
        if trouble is None:
            await call
        else:
            with pytest.raises(type(trouble)):
                await call
    found = await numbers(metrics)
    errors = {name: value for name, value in found.items() if name.startswith("media_store_errors_total")}
    assert errors == (
        {f"media_store_errors_total/{each}": 1 for each in ("put", "get", "part", "delete")} if counted else {}
    )


class Meta:
    fails = False

    async def fetch(self, account_id: int, meta_id: str, limit: int, at: Address | None = None) -> Fetched:
        if self.fails:
            raise SendUncertain("no-answer")
        return Fetched(b"12345", "image/png", None)

    async def upload(self, account_id: int, phone_number_id: str, content: bytes, enclosed: Enclosed) -> str:
        return "900"


async def test_bytes_are_counted_when_they_came_or_left() -> None:
    metrics, meta = Metrics(lambda: 0.0), Meta()
    source = MeteredSource(meta, metrics)
    await source.fetch(1, "77", 100)
    enclosed = Enclosed(MediaKind.IMAGE, "k", "image/png", None, None)
    await MeteredUploader(meta, metrics).upload(1, "106", b"1234567", enclosed)
    meta.fails = True
    with pytest.raises(SendUncertain):
        await source.fetch(1, "77", 100)
    found = await numbers(metrics)
    assert (found["media_bytes_total/in"], found["media_bytes_total/out"]) == (5, 7)
    assert (found["files/wanted"], found["files/lost"]) == (11, 12)
