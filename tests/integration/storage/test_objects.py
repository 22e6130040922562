"""The object store, on a disk and at a simulated S3 (moto's server, over HTTP): the same promises, kept by both."""

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from moto.server import ThreadedMotoServer
from obstore.store import S3Store

from crm.errors import Misconfigured, NotFound, Unavailable
from crm.ports import MediaStore
from storage.objects import Objects, open_objects

CONTENT = b"0123456789" * 1_000
KEY = sha256(CONTENT).hexdigest()
BUCKET = "customers-files"


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """Somebody who speaks S3, on loopback."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def at_s3(s3: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The environment of a program that keeps its files there, and the bucket; return the setting."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": s3,
    }.items():
        monkeypatch.setenv(name, value)
    httpx.put(f"{s3}/{BUCKET}").raise_for_status()
    return f"s3://{BUCKET}/some/prefix"


@pytest.fixture(params=["disk", "s3"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> MediaStore:
    if request.param == "disk":
        return open_objects(f"file://{tmp_path}/a%20folder/media", "sqlite:///unused")
    return open_objects(request.getfixturevalue("at_s3"), "sqlite:///unused")


async def test_what_is_put_is_there_whole_and_in_parts(objects: MediaStore) -> None:
    await objects.put(KEY, CONTENT, "image/png")
    assert await objects.get(KEY) == CONTENT
    assert await objects.part(KEY, 0, 3) == b"012"
    assert await objects.part(KEY, 9_995, 100) == b"56789"


async def test_putting_twice_and_deleting_twice_are_the_same_as_once(objects: MediaStore) -> None:
    for _ in range(2):
        await objects.put(KEY, CONTENT, "image/png")
    assert await objects.get(KEY) == CONTENT
    for _ in range(2):
        await objects.delete(KEY)
    with pytest.raises(NotFound):
        await objects.get(KEY)
    with pytest.raises(NotFound):
        await objects.part(KEY, 0, 1)


async def test_a_large_file_goes_through(objects: MediaStore) -> None:
    large = os.urandom(1024 * 1024) * 12
    await objects.put(KEY, large, "video/mp4")
    assert await objects.get(KEY) == large
    assert await objects.part(KEY, 11 * 1024 * 1024, 5) == large[:5]
    await objects.delete(KEY)


async def test_s3_keeps_files_under_the_prefix_with_their_type(at_s3: str) -> None:
    await open_objects(at_s3, "").put(KEY, CONTENT, "image/png")
    kept = S3Store(BUCKET, client_options={"allow_http": True}).get(f"some/prefix/{KEY[:2]}/{KEY}")
    assert (bytes(kept.bytes()), kept.attributes["Content-Type"]) == (CONTENT, "image/png")


async def test_a_missing_bucket_and_a_silent_s3_are_unavailable(at_s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unavailable):
        await open_objects("s3://no-such-bucket", "").put(KEY, CONTENT, "image/png")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(Unavailable) as trouble:
        await open_objects(at_s3, "").put(KEY, CONTENT, "image/png")
    assert trouble.value.code == "media-store-unavailable"
    assert "127.0.0.1" not in str(trouble.value)


async def test_a_folder_that_cannot_be_made_is_unavailable_and_one_beside_the_database_is_private(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Unavailable):
        await open_objects(f"file://{tmp_path}/file/media", "").put(KEY, CONTENT, "image/png")
    beside = open_objects("", f"sqlite+aiosqlite:///{tmp_path}/data/centralita.db")
    assert not (tmp_path / "data").exists()
    await beside.put(KEY, CONTENT, "image/png")
    assert (tmp_path / "data" / "media" / KEY[:2] / KEY).read_bytes() == CONTENT
    assert (tmp_path / "data" / "media").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("url", ["ftp://x/y", "s3://", "media", "/var/media", "file://host/media", "file:media"])
def test_a_url_that_names_no_store_is_refused_by_name(url: str) -> None:
    with pytest.raises(Misconfigured) as refusal:
        open_objects(url, "sqlite:///x")
    assert refusal.value.setting == "media.url"


def test_the_store_is_the_port() -> None:
    store: MediaStore = open_objects("file:///nowhere/at/all", "")
    assert isinstance(store, Objects)
