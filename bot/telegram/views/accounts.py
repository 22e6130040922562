"""`/cuentas`: our numbers, one of them with what can be done about it, its checklist, and the way to a new token."""

from collections.abc import Sequence

from bot.telegram.buttons import Act, Button, Link, go
from bot.telegram.screen import Screen, in_rows, rows
from bot.telegram.views.common import NAME, back, bar, fitting, masked, one_line, refresh, spaced
from bot.telegram.views.home import LAMPS
from bot.texts import Html, Say, clip, escape, lines
from crm.model.accounts import Account, AccountState, Assumption
from crm.model.agents import Agent, Role
from crm.model.answers import AccountCard, AccountStatus
from crm.model.numbers import Checkup, Finding, Standing
from crm.policy.permissions import Capability, may

MARKS = {Standing.GOOD: "✓", Standing.WEAK: "!", Standing.BROKEN: "✗", Standing.UNKNOWN: "?"}
SHOWN = 20
LONGEST_PARAM = 160


def page(accounts: Sequence[AccountStatus], agent: Agent, say: Say) -> Screen:
    """All of them."""
    text = lines(
        say("accounts-title"),
        *(_line(each, agent, say) for each in accounts[:SHOWN]),
        None if accounts else say("accounts-none"),
    )
    buttons = [Button(fitting(each.account.name, 2), go("nu", each.account.id)) for each in accounts[:SHOWN]]
    return Screen(text, rows(*in_rows(buttons, 2), [back(say), refresh("nu")]))


def card(card: AccountCard, agent: Agent, say: Say) -> Screen:
    """One number: its state in words, and for administrators all the rest."""
    account, admin = card.account, may(agent, Capability.ACCOUNTS)
    text = lines(
        say("account-title", icon=LAMPS[account.state] or "✖️", account=_name(account), phone=_phone(account, agent)),
        *_state(card, say),
        "",
        say("account-quality", quality=account.quality or "none"),
        say("account-pace", rate=account.messages_per_second),
        say("account-queue", waiting=say.many(card.queued)),
        say("account-in-app") if account.coexistence else None,
        *(_for_administrators(card, say) if admin else ()),
    )
    return Screen(
        text,
        rows(*(_acts(account, say) if admin else ()), [_to_accounts(say), refresh("nu", account.id)]),
        {"account": account.id},
    )


def ask_why(account: Account, say: Say) -> Screen:
    """Pausing begins with the reason: writing it is what confirms."""
    return Screen(
        say("pause-ask", account=_name(account)), shows={"account": account.id}, ask=say.plain("pause-placeholder")
    )


def confirm_resume(card: AccountCard, say: Say) -> Screen:
    """What resuming means. The button carries the moment it was shown at: it is good for 90 seconds."""
    account = card.account
    text = lines(
        say("resume-title", account=_name(account)),
        *_state(card, say),
        say("resume-means", waiting=say.many(card.queued)),
        say("confirm-valid"),
    )
    now = Act("nr", account.id, int(say.now.timestamp()))
    return Screen(
        text,
        rows(
            [Button(say.plain("button-resume-now"), now, "danger")],
            [Button(say.plain("button-cancel"), go("nu", account.id))],
        ),
    )


def checked(checkup: Checkup, say: Say) -> Screen:
    """The checklist, just now."""
    number = checkup.account_id or 0
    title = say("checkup-title", account=clip(one_line(checkup.name) or checkup.phone_number_id, NAME))
    verdict = say("checkup-well") if not checkup.problems else say("checkup-amiss")
    missing = checkup.has("not-subscribed")
    subscribe = Button(say.plain("button-subscribe"), Act("ns", number, 0)) if missing else None
    return Screen(
        lines(title, verdict, "", *checklist(checkup, say)),
        rows(
            [new_token(number, say), subscribe],
            [Button(say.plain("button-back"), go("nu", number)), Button("🔄", Act("nc", number, 0))],
        ),
    )


def form(account: Account, address: str, say: Say) -> Screen:
    """The way to the form: a button, so that nobody but the person reads the address."""
    text = lines(say("token-form-title", account=_name(account)), say("token-form-what"))
    return Screen(
        text,
        rows(
            [Button(say.plain("button-open-form"), Link(address), "primary")],
            [Button(say.plain("button-cancel"), go("nu", account.id))],
        ),
    )


def no_form(account: Account, say: Say) -> Screen:
    """Without a public address over TLS nothing secret can be typed anywhere but on the server."""
    command = f"centralita accounts token --phone-number-id {account.phone_number_id} --token-env NEW_TOKEN"
    text = lines(
        say("token-form-title", account=_name(account)),
        say("token-form-impossible"),
        Html(f"<code>{escape(command)}</code>"),
    )
    return Screen(text, rows([Button(say.plain("button-back"), go("nu", account.id))]))


def leaked(say: Say, *, deleted: bool) -> Screen:
    """A secret was typed into the chat."""
    return Screen(
        lines(
            say("token-leaked", deleted="yes" if deleted else "no"),
            say("token-leaked-what"),
        ),
        rows([_to_accounts(say)]),
    )


def token_replaced(account_id: int, account: str, by: str, say: Say) -> Screen:
    """Told to every administrator: a token is a key."""
    text = say("token-replaced", account=clip(one_line(account), NAME), by=clip(one_line(by), NAME))
    return Screen(text, rows([Button(say.plain("button-account"), go("nu", account_id))]))


def new_token(account_id: int, say: Say, suffix: str = "") -> Button:
    """From an alert about a token to the form."""
    return Button(say.plain("button-new-token") + suffix, Act("nt", account_id, 0))


def point(finding: Finding, say: Say) -> str:
    """One point of the checklist: how it stands, and what to do about it."""
    until = {} if finding.until is None else {"until": say.moment(finding.until)}
    said = {name: clip(one_line(value), LONGEST_PARAM) for name, value in finding.params.items()}
    return f"{MARKS[finding.standing]} {say.plain(f'finding-{finding.code}', **said, **until)}"


def checklist(checkup: Checkup, say: Say) -> list[str]:
    """Every point, in plain lines."""
    return [point(each, say) for each in checkup.findings]


# --- pieces ------------------------------------------------------------------------------------------------------------------


def _line(each: AccountStatus, agent: Agent, say: Say) -> Html:
    account = each.account
    line = say(
        "accounts-line",
        icon=LAMPS[account.state] or "✖️",
        account=_name(account),
        state=account.state.value,
        waiting=say.many(each.outbox.get("queued", 0)),
    )
    quality = say("account-quality", quality=account.quality or "none") if account.quality else None
    ends = _token_end(account, say) if may(agent, Capability.ACCOUNTS) and account.token_expires_at else None
    return Html(" · ".join(part for part in (line, quality, ends) if part))


def _state(card: AccountCard, say: Say) -> list[Html]:
    account = card.account
    match account.state:
        case AccountState.HELD:
            told = [say("account-held", reason=account.held_reason or "none")]
            if account.held_until is not None:
                told.append(say("account-held-until", when=say.moment(account.held_until)))
            return told
        case AccountState.PAUSED:
            why = card.stopped.why if card.stopped is not None and card.stopped.why else None
            return [say("account-paused-why", why=one_line(why)) if why else say("account-paused")]
        case _:
            return [bar(card.account, say) or say("account-active")]


def _for_administrators(card: AccountCard, say: Say) -> list[Html]:
    token = _token_end(card.account, say) if card.has_token else say("account-token-none")
    return [token, Html(""), say("account-assumes")]


def _token_end(account: Account, say: Say) -> Html:
    if account.token_expires_at is None:
        return say("account-token-endless")
    return say("account-token-until", when=say.moment(account.token_expires_at))


def _acts(account: Account, say: Say) -> list[Sequence[Button]]:
    check = Button(say.plain("button-check"), Act("nc", account.id, 0))
    stop = (
        Button(say.plain("button-pause"), go("np", account.id))
        if account.state is AccountState.ACTIVE
        else Button(say.plain("button-resume"), go("nr", account.id))
    )
    assumed = [_assumption(account, each, say) for each in Assumption]
    history = [Button(say.plain("button-history"), go("im", account.id))] if account.coexistence else []
    return [[new_token(account.id, say), check], [stop, *history], assumed]


def _assumption(account: Account, assumption: Assumption, say: Say) -> Button:
    on = assumption in account.assumptions
    key = "button-assume-manual" if assumption is Assumption.MANUAL_SEND else "button-assume-start"
    change = f"{assumption.value}.{'off' if on else 'on'}"
    return Button(say.plain(key, on="yes" if on else "no"), Act("na", account.id, 0, change))


def _to_accounts(say: Say) -> Button:
    return Button(say.plain("button-to-accounts"), go("nu"))


def _name(account: Account) -> str:
    return clip(one_line(account.name), NAME)


def _phone(account: Account, agent: Agent) -> str:
    shown = spaced(account.display_phone)
    return masked(account.display_phone) if agent.role is Role.VIEWER else shown
