"""An operator at the command line, in a process of his own beside the program that serves."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from sandbox.world import World

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended and all that it said."""

    code: int
    said: str


async def operator(world: World, folder: Path, *arguments: str, token: str = "") -> Ended:
    """Run `centralita accounts …`."""
    return await shell(world, folder, "accounts", *arguments, token=token)


async def shell(world: World, folder: Path, *arguments: str, token: str = "") -> Ended:
    """Run `centralita …` on the world's database and against its Meta; `token` is in the environment as NEW_TOKEN."""
    settings = world.program.settings
    whatsapp = settings.whatsapp
    sections = {
        "storage": {"url": settings.storage.url},
        "server": {"public_url": settings.server.public_url},
        "whatsapp": {"graph_url": whatsapp.graph_url, "app_id": whatsapp.app_id},
    }
    lines = [
        line
        for name, section in sections.items()
        for line in (f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in section.items()))
    ]
    config = folder / "config.toml"
    config.write_text("\n".join(lines) + "\n", "utf-8")
    secrets = json.dumps([each.get_secret_value() for each in whatsapp.app_secrets])
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments, "--config", str(config)),
        cwd=ROOT,
        env=os.environ
        | {
            "NEW_TOKEN": token,
            "CENTRALITA_VAULT__KEYS": settings.vault.keys.get_secret_value(),
            "CENTRALITA_WHATSAPP__APP_SECRETS": secrets,
        },
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return Ended(process.returncode or 0, said.decode())
