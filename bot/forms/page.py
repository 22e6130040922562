"""The form for a token as HTML: one small page that loads nothing, in the administrator's language, for a phone first.

Whatever comes from elsewhere is escaped here. The page has no script: a token goes where the form sends it and nowhere else.
"""

import base64
import hashlib
from collections.abc import Sequence
from html import escape

from bot.texts import Say

STYLE = """\
:root{color-scheme:light dark;font:17px/1.5 system-ui,sans-serif}
body{margin:0;padding:24px 16px;display:flex;justify-content:center}
main{width:100%;max-width:32rem}
h1{font-size:1.3rem;margin:0 0 .75rem}
label{display:block;font-weight:600;margin:1rem 0 .35rem}
input,button{box-sizing:border-box;width:100%;font:inherit;padding:.75rem;border-radius:.6rem;border:1px solid #8888}
button{margin-top:1rem;border:0;background:#1a7f4b;color:#fff;font-weight:600}
input:focus,button:focus{outline:3px solid #4aa3ff;outline-offset:2px}
ul{padding-left:1.2rem}
.bad{border-left:4px solid #c0392b;padding:.1rem .9rem}
.small{opacity:.75;font-size:.9rem}"""

STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
LONGEST_TOKEN = 1_000


def form(account: str, ends: str, say: Say, trouble: str = "", points: Sequence[str] = (), tries: int = 0) -> str:
    """The form itself; `trouble` says what was wrong with the last try, `points` what to do about it."""
    wrong = ""
    if trouble:
        listed = "".join(f"<li>{escape(point)}</li>" for point in points)
        left = f"<p>{escape(say.plain('form-tries', count=tries))}</p>" if tries else ""
        wrong = f'<div class="bad" role="alert"><p>{escape(trouble)}</p><ul>{listed}</ul>{left}</div>'
    title = say.plain("form-title", account=account)
    return _page(
        title,
        say,
        f"<p>{escape(say.plain('form-what'))}</p>{wrong}"
        '<form method="post" autocomplete="off">'
        f'<label for="token">{escape(say.plain("form-label"))}</label>'
        f'<input id="token" name="token" type="password" required autofocus autocomplete="off" autocapitalize="off"'
        f' autocorrect="off" spellcheck="false" maxlength="{LONGEST_TOKEN}">'
        f'<button type="submit">{escape(say.plain("form-send"))}</button></form>'
        f'<p class="small">{escape(say.plain("form-until", time=ends))}</p>',
    )


def done(account: str, say: Say, points: Sequence[str] = ()) -> str:
    """It is kept; `points` are what is still amiss with the number."""
    listed = "".join(f"<li>{escape(point)}</li>" for point in points)
    what = f"<p>{escape(say.plain('form-done-what'))}</p>"
    return _page(say.plain("form-done", account=account), say, f"{what}<ul>{listed}</ul>" if listed else what)


def gone(say: Say) -> str:
    """Used, ended, or never there: nobody learns which."""
    return _page(say.plain("form-gone"), say, f"<p>{escape(say.plain('form-gone-what'))}</p>")


def busy(say: Say) -> str:
    return _page(say.plain("form-busy"), say, "")


def _page(title: str, say: Say, body: str) -> str:
    return (
        f'<!doctype html><html lang="{say.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>\n"
    )
