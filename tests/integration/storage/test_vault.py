"""Secrets are sealed with the first key, opened with any, and keys can be changed without a gap."""

import os
from pathlib import Path

import pytest

from crm import ports
from crm.errors import Misconfigured
from storage.database import Database
from storage.vault import Vault, add_key, create_key_file, drop_old_keys, generate_key, read_key_file, reseal
from tests.builders import NOW


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "keys" / "vault.key"
    create_key_file(path)
    return path


def test_what_is_sealed_can_be_opened_and_not_read() -> None:
    vault: ports.Vault = Vault([generate_key()])
    sealed = vault.seal("EAAG-token-ñ")
    assert vault.open(sealed) == "EAAG-token-ñ"
    assert b"EAAG" not in sealed
    assert vault.seal("EAAG-token-ñ") != sealed


def test_an_old_key_still_opens_and_the_new_one_seals() -> None:
    old, new = generate_key(), generate_key()
    sealed = Vault([old]).seal("x")
    both = Vault([new, old])
    assert both.open(sealed) == "x"
    assert Vault([new]).open(both.seal("y")) == "y"
    assert Vault([new]).open(both.rotate(sealed)) == "x"


def test_a_wrong_key_is_a_wrong_setting_and_tells_no_secret() -> None:
    sealed = Vault([generate_key()]).seal("geheim")
    for act in (Vault([generate_key()]).open, Vault([generate_key()]).rotate):
        with pytest.raises(Misconfigured) as caught:
            act(sealed)
        assert "geheim" not in str(caught.value)
    with pytest.raises(Misconfigured, match="no key"):
        Vault([])
    with pytest.raises(Misconfigured, match="base64") as caught:
        Vault(["hunter2"])
    assert "hunter2" not in str(caught.value)


async def test_rotation_reseals_everything_and_then_the_old_keys_may_go(database: Database, key_file: Path) -> None:
    async with database.begin() as uow:
        for number in range(5):
            await uow.secrets.put(f"token:{number}", Vault.from_file(key_file).seal(f"secret {number}"), NOW)
    (old,) = read_key_file(key_file)
    add_key(key_file)
    assert await reseal(database, Vault.from_file(key_file), NOW) == 5
    assert drop_old_keys(key_file) == 1
    assert old not in read_key_file(key_file)
    async with database.read() as uow:
        opened = {name: Vault.from_file(key_file).open(sealed) for name, sealed in (await uow.secrets.all()).items()}
    assert opened == {f"token:{number}": f"secret {number}" for number in range(5)}


async def test_a_secret_that_no_key_opens_stops_the_rotation_before_anything_changed(database: Database) -> None:
    known = Vault([generate_key()])
    async with database.begin() as uow:
        await uow.secrets.put("a", known.seal("a"), NOW)
        await uow.secrets.put("b", Vault([generate_key()]).seal("b"), NOW)
    async with database.read() as uow:
        before = await uow.secrets.all()
    with pytest.raises(Misconfigured):
        await reseal(database, known, NOW)
    async with database.read() as uow:
        assert await uow.secrets.all() == before


def test_a_key_file_is_its_owners_alone(key_file: Path) -> None:
    assert key_file.stat().st_mode & 0o777 == 0o600
    add_key(key_file)
    assert key_file.stat().st_mode & 0o777 == 0o600
    key_file.chmod(0o640)
    with pytest.raises(Misconfigured, match="chmod 600"):
        Vault.from_file(key_file)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_key_file_of_somebody_else_is_refused(key_file: Path) -> None:
    os.chown(key_file, 12345, 12345)
    with pytest.raises(Misconfigured, match="another user"):
        Vault.from_file(key_file)


def test_an_existing_key_file_is_never_overwritten(key_file: Path) -> None:
    before = key_file.read_text()
    with pytest.raises(Misconfigured, match="exists"):
        create_key_file(key_file)
    assert key_file.read_text() == before


def test_a_missing_or_empty_key_file_says_what_to_do(tmp_path: Path, key_file: Path) -> None:
    with pytest.raises(Misconfigured, match="cannot read"):
        Vault.from_file(tmp_path / "none")
    key_file.write_text("# nothing yet\n\n")
    with pytest.raises(Misconfigured, match="centralita init"):
        Vault.from_file(key_file)
