"""What a claim says to people: the words of the story, or words made from its values."""

from collections.abc import Mapping
from functools import cache

from sandbox.acts.act import Args
from sandbox.stories.story import See, Story
from sandbox.texts import LANGUAGES
from sandbox.texts import Words as Texts

PLACE = "sandbox.stories.texts"


def claimed(story: Story, see: See, given: Args) -> dict[str, str]:
    """Return the claim in every language. The values are those of the language in which the story is played."""
    if see.says is not None:
        return {language: story.say(see.says, language) for language in LANGUAGES}
    return {language: worded(see.what, given, language) for language in LANGUAGES}


def worded(what: str, given: Args, language: str) -> str:
    """Put a claim into words."""
    facts = given.model_dump(exclude_none=True)
    if what == "score":
        return " · ".join(_texts(language)(f"score-{_kebab(name)}", count=count) for name, count in facts.items())
    name = str(facts.get("customer", "…"))
    facts = {key: _read(value, name) for key, value in facts.items() if value != ()}
    facts |= {"code": str(facts["code"])} if "code" in facts else {}
    return _texts(language)(f"see-{_kebab(what)}", **{**BLANK, **facts})


def _read(value: object, name: str) -> object:
    """Write a value as people read it; `{name}` in a text is the customer's."""
    if isinstance(value, tuple):
        return " · ".join(str(_read(each, name)) for each in value)
    if isinstance(value, bool):
        return str(value).lower()
    return value.replace("{name}", name) if isinstance(value, str) else value


BLANK: Mapping[str, object] = {
    "customer": "all",
    "agent": "",
    "text": "none",
    "texts": "",
    "button": "none",
    "reaction": "none",
    "tick": "none",
    "times": "none",
    "count": "none",
    "template": "none",
    "category": "none",
    "charged": "none",
    "code": "none",
    "state": "none",
}
"""What stands for the values that a claim does not have."""


def _kebab(name: str) -> str:
    return name.replace(".", "-").replace("_", "-")


@cache
def _texts(language: str) -> Texts:
    return Texts(language, PLACE)
