"""A new installation: one command makes a settings file, a key and a database that only their owner can read, and spoils nothing."""

import stat
import sys
from pathlib import Path

import pytest

from bot.cli import main
from bot.config import Settings, load
from bot.settings_file import text

ROOT = Path(__file__).parents[3]


def runs(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["centralita", *arguments])
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def private(path: Path) -> bool:
    return stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_example_is_what_init_writes() -> None:
    assert (ROOT / "config.example.toml").read_text("utf-8") == text()


def test_everything_is_made_where_there_is_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert runs(monkeypatch, "init") == 0
    said = capsys.readouterr().out
    settings = load(tmp_path / "config.toml")
    assert len(settings.whatsapp.verify_token.get_secret_value()) >= 32
    assert settings.whatsapp.verify_token != settings.telegram.secret_token
    assert settings.model_copy(update={"whatsapp": None, "telegram": None}) == Settings().model_copy(
        update={"whatsapp": None, "telegram": None}
    )
    assert settings.whatsapp.verify_token.get_secret_value() not in said
    assert all(private(tmp_path / name) for name in ("config.toml", "centralita.key", "centralita.db"))


def test_a_second_time_keeps_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert runs(monkeypatch, "init") == 0
    kept = {name: (tmp_path / name).read_bytes() for name in ("config.toml", "centralita.key")}
    assert runs(monkeypatch, "init") == 0
    assert {name: (tmp_path / name).read_bytes() for name in kept} == kept


def test_the_file_that_lies_here_is_read_without_being_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text("[server]\nport = 70000\n", "utf-8")
    assert runs(monkeypatch, "status") == 2
    assert "server.port" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = tmp_path / "no" / "config.toml"
    assert runs(monkeypatch, "init", "--config", str(nowhere)) == 2
    assert str(nowhere) in capsys.readouterr().err
