"""What can go wrong, sorted by what the catcher should do.

    CrmError(code, **params)      the code is also the key of its text in bot/texts
    ├─ Refused          the rules say no: tell the agent why
    ├─ NotFound         the thing is gone: redraw the list
    ├─ Conflict         someone was first: reload, maybe retry
    ├─ Unavailable      nothing can be kept now, nothing was: the same again, later
    ├─ Unreadable       what arrived can never be understood: keep it, do not retry
    ├─ SendFailed       a send did not end in acceptance
    │   ├─ SendPostponed    later, at the scope the error names
    │   ├─ SendRejected     this message never
    │   ├─ SendUncertain    perhaps it left: reconcile first, never repeat blindly
    │   └─ AccountSuspended nothing from this account until a human or a new token
    └─ Misconfigured    only at start-up: one line naming the setting, exit 2

A code is kebab-case. Parameters are short values that may be shown to an agent: never a secret, never a message's content.
"""

from datetime import timedelta
from enum import StrEnum


class CrmError(Exception):
    """An outcome the program foresaw; `code` names its text, `params` fill it in."""

    def __init__(self, code: str, **params: object) -> None:
        details = " ".join(f"{name}={value}" for name, value in params.items())
        super().__init__(f"{code} {details}".strip())
        self.code = code
        self.params = params


class Refused(CrmError):
    """The rules say no; raised only to somebody's direct command."""


class NotFound(CrmError):
    """The thing asked for does not exist, or not for the person who asks."""


class Conflict(CrmError):
    """Somebody else was first."""


class Unavailable(CrmError):
    """What is needed cannot be reached now; what was asked did not happen."""


class Unreadable(CrmError):
    """What arrived can never be understood, however often it is tried."""


class Misconfigured(CrmError):
    """A setting is missing or wrong; `setting` names it."""

    def __init__(self, setting: str, problem: str) -> None:
        super().__init__("misconfigured", setting=setting, problem=problem)
        self.setting = setting
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.setting}: {self.problem}"


class Scope(StrEnum):
    """How far a failed send's trouble reaches (Meta's error codes, reference 4.1 and trap 11). A pair is one contact with one number, an
    account is the business account with all its numbers."""

    MESSAGE = "message"
    CONTACT = "contact"
    PAIR = "pair"
    TEMPLATE = "template"
    NUMBER = "number"
    ACCOUNT = "account"
    APP = "app"


class SendFailed(CrmError):
    """A send did not end in acceptance. `meta_code` is Meta's number, or None when no answer came."""

    def __init__(self, code: str, *, meta_code: int | None = None, detail: str = "", **params: object) -> None:
        super().__init__(code, meta_code=meta_code, **params)
        self.meta_code = meta_code
        self.detail = detail[:500]


class SendPostponed(SendFailed):
    """Not now. `scope` tells who must wait, `wait` how long at the first time."""

    def __init__(
        self, code: str, *, scope: Scope, wait: timedelta, meta_code: int | None = None, detail: str = ""
    ) -> None:
        super().__init__(code, meta_code=meta_code, detail=detail)
        self.scope = scope
        self.wait = wait


class SendRejected(SendFailed):
    """This message will never be accepted. `scope` tells whether only it, or also its contact or template."""

    def __init__(
        self, code: str, *, scope: Scope = Scope.MESSAGE, meta_code: int | None = None, detail: str = ""
    ) -> None:
        super().__init__(code, meta_code=meta_code, detail=detail)
        self.scope = scope


class SendUncertain(SendFailed):
    """No answer, or one that does not tell: the message may have left."""


class AccountSuspended(SendFailed):
    """Nothing may leave from this account until a human acts or a new token works. `reason` is `token`, `payment`, …"""

    def __init__(self, code: str, *, reason: str, meta_code: int | None = None, detail: str = "") -> None:
        super().__init__(code, meta_code=meta_code, detail=detail)
        self.reason = reason
