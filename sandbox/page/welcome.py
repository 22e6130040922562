"""The first world: nobody should meet an empty stage. A shop with a team, a template, a sequence, and customers who have just written."""

from sandbox.page.house import Do
from sandbox.texts import Words

SEQUENCE = """\
[[sequence]]
key = "welcome"
name = {name}
trigger = "first_message"

[[sequence.steps]]
delay_hours = 2
text = {first}

[[sequence.steps]]
delay_hours = 80
text = {second}
template = {{ name = {template}, language = {language}, parameters = ["{{name}}"] }}

[[sequence.steps]]
delay_hours = 336
text = {third}
"""


def sequence(words: Words) -> str:
    """Return the sequence as the file that an operator would load."""
    texts = {
        "name": words("sequence"),
        "first": words("step-one"),
        "second": words("step-two"),
        "third": words("step-three"),
        "template": words("template-name"),
        "language": words("template-language"),
    }
    return SEQUENCE.format(**{key: _quoted(text) for key, text in texts.items()})


async def welcome(do: Do, language: str) -> None:
    """Populate a fresh world through whoever performs acts."""
    words = Words(language)
    template = {"name": words("template-name"), "language": words("template-language")}
    body = words("template-follow-up")
    acts: tuple[tuple[str, dict[str, object]], ...] = (
        ("agent.joins", {"name": "Ana", "role": "admin", "language": language}),
        ("agent.joins", {"name": "Beto", "role": "agent", "language": language}),
        ("template.add", {**template, "category": "UTILITY", "body": body}),
        ("sequence.load", {"text": sequence(words)}),
        ("customer.joins", {"name": "Leo"}),
        ("customer.joins", {"name": "Mía"}),
        ("customer.joins", {"name": "Sol"}),
        ("customer.writes", {"customer": "Mía", "text": words("mia-asks")}),
        ("time.forward", {"minutes": 4}),
        ("customer.writes", {"customer": "Leo", "text": words("leo-asks")}),
    )
    for name, args in acts:
        await do(name, args)


def _quoted(text: str) -> str:
    """Return a text as a TOML string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
