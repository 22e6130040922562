"""Stories: courses of events in readable files, played in the sandbox with captions, each claim checked where people would see it.

`load` reads a file, `Player` plays it scene by scene, `Recorder` writes what somebody did as such a file. The ready ones are data in
`ready/`. The page and the tests use the same player and the same results.
"""

from sandbox.stories.load import StoryInvalid, parse, ready, ready_names
from sandbox.stories.player import Check, Opening, Player, Result, SceneResult, opening, play
from sandbox.stories.recorder import Recorder
from sandbox.stories.story import Story

__all__ = [
    "Check",
    "Opening",
    "Player",
    "Recorder",
    "Result",
    "SceneResult",
    "Story",
    "StoryInvalid",
    "opening",
    "parse",
    "play",
    "ready",
    "ready_names",
]
