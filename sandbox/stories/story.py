"""The shape of a story file. Whatever people read or type may be one text, or a table with one text for each language.

    title.es = "El primer contacto"
    title.en = "The first contact"

    [world]                          # where it begins: the shop, its team, its customers, templates and sequences
    shop = "Tienda"
    [[world.agent]]
    name = "Ana"

    [texts]                          # texts that are needed more than once; elsewhere "@asks" stands for them
    asks.es = "Hola, ¿tienen stock?"
    asks.en = "Hello, do you have any in stock?"

    [[scene]]
    caption.es = "Leo escribe. Ana lo lee en Telegram."
    caption.en = "Leo writes. Ana reads it in Telegram."
    do = [{act = "customer.writes", customer = "Leo", text = "@asks"}]
    see = [{what = "agent.sees", agent = "Ana", text = "@asks"}]

What can be done stands in `sandbox.acts`, what can be claimed in `sandbox.stories.expectations`.
"""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from sandbox.texts import LANGUAGES

Text = Annotated[str, Field(min_length=1, max_length=4096)] | Annotated[dict[str, str], Field(min_length=1)]
"""Words, or the same words in several languages."""
Values = dict[str, Any]

START = datetime(2026, 11, 24, 12, tzinfo=UTC)
PROCESS_ACTS = frozenset({"trouble.kill", "trouble.restart", "trouble.database"})
"""Acts that only a program in a process of its own survives, or does not."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Open(BaseModel):
    """Something with further fields, whose meaning another table knows."""

    model_config = ConfigDict(extra="allow", frozen=True)

    @property
    def args(self) -> Values:
        return dict(self.model_extra or {})


class Do(_Open):
    act: str = Field(min_length=1, max_length=64)


class See(_Open):
    """`says` tells people what is claimed; without it the expectation finds words of its own."""

    what: str = Field(min_length=1, max_length=64)
    says: Text | None = None


class Scene(_Strict):
    caption: Text
    do: tuple[Do, ...] = Field((), max_length=200)
    see: tuple[See, ...] = Field((), max_length=200)


class Beginning(_Strict):
    """The world before the first scene. The tables hold the values of the acts of the same names."""

    starts_at: AwareDatetime = START
    shop: Text = "Centralita"
    number: tuple[Values, ...] = Field((), max_length=20)
    agent: tuple[Values, ...] = Field((), max_length=20)
    customer: tuple[Values, ...] = Field((), max_length=200)
    template: tuple[Values, ...] = Field((), max_length=50)
    sequence: tuple[Values, ...] = Field((), max_length=20)


class Story(_Strict):
    title: Text
    about: Text = " "
    minutes: int = Field(1, ge=1, le=120)
    world: Beginning = Beginning()
    texts: dict[str, Text] = Field(default_factory=dict)
    before: tuple[Do, ...] = Field((), max_length=2_000)
    scene: tuple[Scene, ...] = Field(min_length=1, max_length=200)

    @property
    def needs_process(self) -> bool:
        """Whether the program is killed or cut off in it, so that it must run in a process of its own."""
        return any(each.act in PROCESS_ACTS for scene in self.scene for each in scene.do)

    def say(self, text: Text, language: str) -> str:
        """Return a text of the story in a language."""
        found = self.resolve(text, language)
        return found if isinstance(found, str) else str(found)

    def resolve(self, value: Any, language: str) -> Any:
        """Put the words of a language where a reference or a table of languages stands. Raises KeyError for an unknown reference."""
        match value:
            case str() if value.startswith("@@"):
                return value[1:]
            case str() if value.startswith("@"):
                return self.resolve(_no_reference(self.texts[value[1:]]), language)
            case dict() if is_text(value):
                return self.resolve(in_language(value, language), language)
            case dict():
                return {key: self.resolve(each, language) for key, each in value.items()}
            case list() | tuple():
                return [self.resolve(each, language) for each in value]
            case _:
                return value


def is_text(value: dict[Any, Any]) -> bool:
    """Say whether a table is one text in several languages."""
    return bool(value) and value.keys() <= set(LANGUAGES) and all(isinstance(each, str) for each in value.values())


def in_language(text: dict[str, str], language: str) -> str:
    """Return the text in a language, or in the first there is."""
    return next(text[each] for each in (language, *LANGUAGES) if each in text)


def _no_reference(text: Text) -> Text:
    """Texts stand for themselves: a reference in a reference could lead round in circles."""
    if isinstance(text, str):
        return f"@{text}" if text.startswith("@") else text
    return {language: f"@{each}" if each.startswith("@") else each for language, each in text.items()}
