"""Whatever is posted, the platform answers with one of Meta's errors and never with a crash of its own."""

from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sandbox.graph.errors import GraphError
from sandbox.graph.sending import Facts, draft, judge, read_body
from sandbox.graph.shapes import CHECKERS, INTERACTIVE
from sandbox.graph.state import Thread
from sandbox.graph.templates import Template
from tests.unit.sandbox_graph.conftest import NOON

WORDS = (
    *("body", "text", "type", "action", "buttons", "reply", "id", "title", "sections", "rows", "name", "language"),
    *("code", "components", "parameters", "link", "emoji", "message_id", "latitude", "longitude", "footer", "header"),
    *("parameter_name", "formatted_name", "currency", "caption", "url", "display_text"),
)
VALUES = st.sampled_from(["", "x", "es_AR", "aviso", "text", "body", "header", "https://x", "wamid.x", *INTERACTIVE])
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | VALUES
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=5),
    max_leaves=25,
)
TEMPLATE = Template("1", "aviso", "es_AR", "UTILITY", "Hola {{1}}")


@given(kind=st.sampled_from(sorted(CHECKERS)) | JSON, content=JSON, to=st.just("+5491155550099") | JSON, rest=JSON)
def test_any_body_is_accepted_or_refused_but_never_breaks_the_platform(
    kind: Any, content: Any, to: Any, rest: Any
) -> None:
    body: dict[str, Any] = {"messaging_product": "whatsapp", "to": to, "type": kind, "context": rest}
    if isinstance(kind, str):
        body[kind] = content
    facts = Facts("5491150000000", throughput_left=True, templates=[TEMPLATE], thread=Thread(last_inbound_at=NOON))
    with suppress(GraphError):
        judge(draft(read_body(b"", body), "54"), facts, NOON)


@given(language=JSON, components=JSON)
def test_any_components_are_accepted_or_refused(language: Any, components: Any) -> None:
    content = {"name": "aviso", "language": {"code": "es_AR"} if language else language, "components": components}
    body = {"messaging_product": "whatsapp", "to": "+5491155550099", "type": "template", "template": content}
    facts = Facts("5491150000000", throughput_left=True, templates=[TEMPLATE], thread=Thread())
    with suppress(GraphError):
        judge(draft(read_body(b"", body), "54"), facts, NOON)
