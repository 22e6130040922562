"""What stops an act: the world's rules, said in a sentence that people understand."""

from sandbox.texts import Words

ENGLISH, PLACE = "en", "sandbox.acts.texts"


class Refused(Exception):
    """The act is not possible now. `key` names its sentence in `sandbox/acts/texts`; what the simulators say themselves is `said`."""

    def __init__(self, key: str, **params: object) -> None:
        super().__init__(key)
        self.key, self.params = key, params

    def say(self, language: str) -> str:
        return Words(language, PLACE)(f"refused-{self.key}", **self.params)

    def __str__(self) -> str:
        return self.say(ENGLISH)


def said(error: Exception) -> Refused:
    """What somebody else refused, in their own words, without the screen that a failing test would want to see."""
    return Refused("said", sentence=str(error).partition("\n")[0])
