"""What the story's teller says and its people write, one Fluent file for each language, like the program's own texts in `bot.texts`.

Nothing here is shown by the program itself, so its texts and these never meet. Other packages of the sandbox keep texts of their own
in the same shape.
"""

from importlib.resources import files

from fluent.runtime import FluentBundle, FluentResource

from bot.texts import LANGUAGES

__all__ = ["LANGUAGES", "Words"]


class Words:
    """One language's words: `words("scene-waits")`."""

    def __init__(self, language: str, package: str = "sandbox.texts") -> None:
        self.language = language
        self._bundle = FluentBundle([language], use_isolating=False)
        source = files(package).joinpath(f"{language}.ftl").read_text(encoding="utf-8")
        self._bundle.add_resource(FluentResource(source))

    def __call__(self, key: str, **args: object) -> str:
        """The text of a key; one that is missing or lacks a part is an error, not a blank."""
        message = self._bundle.get_message(key)
        if message.value is None:
            raise KeyError(key)
        text, problems = self._bundle.format_pattern(message.value, args)
        if problems:
            raise ValueError(f"{self.language}:{key}: {problems}")
        return str(text)
