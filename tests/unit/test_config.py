"""The settings: the example says all of them, wrong ones are named, and the environment wins."""

import tomllib
from pathlib import Path

import pytest

from bot.config import Settings, load
from crm.errors import Misconfigured

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


def test_the_example_names_every_setting_with_its_default_and_a_sentence() -> None:
    data = tomllib.loads(EXAMPLE.read_text("utf-8"))
    lines = EXAMPLE.read_text("utf-8").splitlines()
    assert Settings(**data) == Settings()
    for name, section in Settings.model_fields.items():
        fields = {name: section} if name == "time_zone" else type(section.default).model_fields
        told = data if name == "time_zone" else data[name]
        for key, field in fields.items():
            assert key in told
            assert f"# {field.description}" in lines


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("[server]\nport = 'many'", "server.port"),
        ("[server]\nport = 70000", "server.port"),
        ("[server]\nprot = 1", "server.prot"),
        ("[nothing]\nhere = 1", "nothing"),
        ("[whatsapp]\ngraph_version = '26'", "whatsapp.graph_version"),
        ("[whatsapp]\napp_secrets = 'secret-value'", "whatsapp.app_secrets"),
        ("[telegram]\nmode = 'pigeon'", "telegram.mode"),
        ("[sending]\nunknown_after_minutes = 0", "sending.unknown_after_minutes"),
        ("[inbox]\nopt_out_words = 7", "inbox.opt_out_words"),
        ("[jobs]\nsequences = 5", "jobs.sequences"),
        ("this is not toml", "settings.toml"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_never_repeated(tmp_path: Path, content: str, named: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(content, "utf-8")
    with pytest.raises(Misconfigured) as problem:
        load(path)
    assert named in str(problem.value)
    assert "secret-value" not in str(problem.value)


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("[server]\nport = 1", "utf-8")
    monkeypatch.setenv("CENTRALITA_SERVER__PORT", "2")
    assert load(path).server.port == 2
