"""At least forty threads of others, and all eight cases of a hostile webhook, have a test of their own here."""

import ast
from pathlib import Path

HERE = Path(__file__).parent


def _named() -> dict[str, list[str]]:
    """Threads by the test that names them."""
    found: dict[str, list[str]] = {}
    for path in HERE.glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Name) and mark.func.id == "suffered":
                    found[node.name] = [str(ast.literal_eval(argument)) for argument in mark.args]
    return found


def test_every_test_names_the_threads_it_answers() -> None:
    named = _named()
    assert all(named.values())
    hostile = {thread for threads in named.values() for thread in threads if thread.startswith("peers 1.11")}
    assert len(hostile) == 8
    assert len({thread for threads in named.values() for thread in threads} - hostile) >= 80
    assert len(named) >= 48
