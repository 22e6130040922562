"""The settings: the example says all of them, wrong ones are named, and the environment wins."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.config import Settings, load, variables
from crm.errors import Misconfigured

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "config.example.toml"
NOT_SETTINGS = {"CENTRALITA_CONFIG", "CENTRALITA_SECTION__KEY"}
"""Where the file is, and how a name is made up."""
SPECIAL = {
    "sending.mark_read": "seen",
    "time_zone": "America/Bogota",
    "server.metrics_networks": ["10.0.0.0/8"],
    "whatsapp.allowed_networks": ["2001:db8::/32"],
    "whatsapp.graph_version": "v99.0",
    "telegram.admins": [7, 8],
    "media.hosts": [".fbcdn.example"],
    "telegram.mode": "webhook",
    "backups.daily": "configuration",
    "logs.level": "error",
    "logs.format": "console",
    "costs.monthly_budget": "99.50",
    "costs.number_budgets": ["106540352242922=200"],
}


def another(setting: tuple[str, ...]) -> Any:
    """A valid value that is not the default."""
    default = value_of(Settings(), setting)
    if ".".join(setting) in SPECIAL:
        return SPECIAL[".".join(setting)]
    if isinstance(default, int):
        return default + 1
    return ["one", "two"] if isinstance(default, list | tuple) else "another"


def value_of(settings: Settings, setting: tuple[str, ...]) -> Any:
    found: Any = settings
    for name in setting:
        found = getattr(found, name)
    return plain(found)


def plain(value: Any) -> Any:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, list | tuple):
        return [plain(each) if isinstance(each, SecretStr | int) else str(each) for each in value]
    return value


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
        ("[inbox]\nopt_out_es = 7", "inbox.opt_out_es"),
        ("[jobs]\nsequences = 5", "jobs.sequences"),
        ("[jobs]\nbackup = '* * * * *'", "jobs.backup"),
        ("[whatsapp]\nallowed_networks = ['10.0.0.0/8', '10.0.0.300']", "whatsapp.allowed_networks.1"),
        ("[whatsapp]\nallowed_networks = '10.0.0.0/8'", "whatsapp.allowed_networks"),
        ("[whatsapp]\ntrusted_proxies = -1", "whatsapp.trusted_proxies"),
        ("[whatsapp]\nper_source_per_second = -1", "whatsapp.per_source_per_second"),
        ("[whatsapp]\nper_source_burst = 0", "whatsapp.per_source_burst"),
        ("[server]\nmetrics_networks = ['all']", "server.metrics_networks.0"),
        ("[telegram]\nadmins = ['@ana']", "telegram.admins.0"),
        ("[telegram]\nadmins = [0]", "telegram.admins.0"),
        ("[telegram]\nadmins = 7", "telegram.admins"),
        ("[sending]\nmark_read = 'maybe'", "sending.mark_read"),
        ("[logs]\nlevel = 'loud'", "logs.level"),
        ("[media]\nhosts = ['https://x.example/']", "media.hosts"),
        ("[media]\nkeep_days = -1", "media.keep_days"),
        ("[logs]\nformat = 'xml'", "logs.format"),
        ("[costs]\nmonthly_budget = '-1'", "costs.monthly_budget"),
        ("[costs]\nmonthly_budget = '0.00'", "costs.monthly_budget"),
        ("[costs]\nnumber_budgets = ['ventas=5']", "costs.number_budgets"),
        ("[costs]\nnumber_budgets = ['1065=5', '1065=6']", "costs.number_budgets"),
        ("time_zone = 'Mars/Olympus'", "time_zone"),
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


@pytest.mark.parametrize(("variable", "setting"), variables().items(), ids=list(variables()))
def test_every_setting_can_be_overridden_by_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str, setting: tuple[str, ...]
) -> None:
    """The file says the default, so what is read can only come from the environment."""
    wanted = another(setting)
    monkeypatch.setenv(variable, json.dumps(wanted) if isinstance(wanted, list) else str(wanted))
    read = load(EXAMPLE)
    assert value_of(read, setting) == wanted != value_of(Settings.model_construct(), setting)


def test_a_list_in_the_environment_replaces_the_files_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("[telegram]\nadmins = [1, 2]", "utf-8")
    monkeypatch.setenv("CENTRALITA_TELEGRAM__ADMINS", "[3]")
    assert load(path).telegram.admins == (3,)


@pytest.mark.parametrize(
    ("variable", "value", "named"),
    [
        ("CENTRALITA_DATABASE__URL", "sqlite:///x", "CENTRALITA_DATABASE__URL"),
        ("CENTRALITA_TIME_ZONE__X", "UTC", "CENTRALITA_TIME_ZONE__X"),
        ("CENTRALITA_SERVER__PROT", "1", "server.prot"),
        ("CENTRALITA_SERVER__PORT", "many", "server.port"),
        ("CENTRALITA_SERVER", "8080", "CENTRALITA_SERVER"),
        ("CENTRALITA_WHATSAPP__APP_SECRETS", "secret-value", "whatsapp.app_secrets"),
        ("CENTRALITA_WHATSAPP__APP_SECRETS", '{"secret-value": 1}', "whatsapp.app_secrets"),
        ("CENTRALITA_TELEGRAM__ADMINS", '["secret-value"]', "telegram.admins.0"),
        ("CENTRALITA_TIME_ZONE", "secret-value", "time_zone"),
    ],
)
def test_a_wrong_variable_is_named_and_its_value_never_repeated(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, named: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(Misconfigured) as problem:
        load(None)
    assert named in str(problem.value)
    assert "secret-value" not in str(problem.value)


def test_a_variable_of_the_operators_own_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """`accounts add --token-env CENTRALITA_SALES_TOKEN` must not stop the program."""
    monkeypatch.setenv("CENTRALITA_SALES_TOKEN", "whatever")
    assert load(None) == Settings()


def test_every_variable_that_is_written_about_exists() -> None:
    """A setting that is renamed must be renamed in what people copy from, too."""
    written = [
        ROOT / name for name in ("Dockerfile", "compose.yaml", "config.example.toml", "README.md", "README.es.md")
    ]
    written += [*ROOT.glob("docs/**/*.md"), *ROOT.glob("*.md")]
    named = {
        name for path in written for name in re.findall(r"\bCENTRALITA_[A-Z0-9_]*[A-Z0-9]", path.read_text("utf-8"))
    }
    assert {"CENTRALITA_STORAGE__URL", "CENTRALITA_SERVER__HOST"} <= named
    assert named - NOT_SETTINGS <= set(variables())


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("[server]\nport = 1", "utf-8")
    monkeypatch.setenv("CENTRALITA_SERVER__PORT", "2")
    assert load(path).server.port == 2
