"""The tables: which word, screen and verb leads to which handler. A button whose name is missing here does nothing but say so;
a test holds views and tables together."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.telegram.buttons import Act, Go
from bot.telegram.context import Context
from bot.telegram.handlers import (
    accounts,
    agents,
    alerts,
    backups,
    blocks,
    composing,
    contacts,
    conversations,
    costs,
    erasure,
    explain,
    help,
    home,
    identities,
    imports,
    labels,
    pending,
    reports,
    sequences,
    templates,
)

Typed = Callable[[Context, str], Awaitable[None]]
Navigate = Callable[[Context, Go], Awaitable[None]]
Mutate = Callable[[Context, Act], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Verb:
    """A change, and what is shown when it was refused."""

    act: Mutate
    again: Mutate


COMMANDS: dict[str, Typed] = {
    **dict.fromkeys(("menu", "home", "inicio"), home.menu),
    **dict.fromkeys(("cola", "queue", "q", "fila"), pending.queue),
    **dict.fromkeys(("c", "contacto", "contact", "contato"), contacts.find),
    **dict.fromkeys(("secuencias", "sequences", "seqs", "sequencias"), sequences.several),
    **dict.fromkeys(("bloqueos", "blocks", "bloqueios"), blocks.several),
    **dict.fromkeys(("alertas", "alerts"), alerts.several),
    **dict.fromkeys(("cuentas", "accounts", "contas", "numeros"), accounts.several),
    **dict.fromkeys(("plantillas", "templates", "modelos"), templates.several),
    **dict.fromkeys(("costos", "costs", "custos"), costs.overview),
    **dict.fromkeys(("porque", "why"), explain.asked),
    **dict.fromkeys(("respaldos", "backups", "backup"), backups.several),
    **dict.fromkeys(("estado", "status"), reports.status),
    **dict.fromkeys(("ayuda", "help", "ajuda"), help.overview),
    **dict.fromkeys(("idioma", "language", "lang"), agents.language),
    **dict.fromkeys(("cancelar", "cancel"), help.cancel),
}

SCREENS: dict[str, Navigate] = {
    "home": home.screen,
    "q": pending.page,
    "qi": pending.item,
    "qn": pending.following,
    "qh": pending.hand,
    "qt": templates.for_card,
    "tv": templates.pick_for_card,
    "wt": templates.for_conversation,
    "wv": templates.pick_for_conversation,
    "tx": templates.edit,
    "tk": templates.keep,
    "tl": templates.page,
    "to": templates.one,
    "fc": contacts.asked,
    "c": contacts.screen,
    "y": explain.screen,
    "ym": explain.message_screen,
    "lb": labels.screen,
    "lt": labels.ask_tag,
    "lf": labels.ask_field,
    "ln": labels.ask_note,
    "er": erasure.ask,
    "mg": identities.confirm,
    "um": identities.part,
    "wr": conversations.ask,
    "wm": composing.forms,
    "wf": composing.begin,
    "ce": sequences.choose,
    "s": sequences.page,
    "sq": sequences.screen,
    "se": sequences.ask_whom,
    "ec": sequences.confirm,
    "bl": blocks.page,
    "ra": blocks.confirm,
    "al": alerts.page,
    "nu": accounts.screen,
    "np": accounts.ask_why,
    "nr": accounts.confirm_resume,
    "co": costs.screen,
    "cf": costs.ahead,
    "bk": backups.screen,
    "st": reports.screen,
    "im": imports.screen,
    "he": help.screen,
    "lg": agents.screen,
}

VERBS: dict[str, Verb] = {
    "qs": Verb(pending.release, pending.again),
    "qo": Verb(pending.sent_by_hand, pending.again),
    "qd": Verb(pending.discard, pending.again),
    "ta": Verb(contacts.take, contacts.again),
    "lx": Verb(labels.untag, labels.again),
    "mg": Verb(identities.merge, contacts.again),
    "um": Verb(identities.unmerge, contacts.again),
    "gb": Verb(contacts.give_back, contacts.again),
    "en": Verb(sequences.enroll, sequences.again),
    "pe": Verb(sequences.pause_walk, contacts.again),
    "re": Verb(sequences.resume_walk, contacts.again),
    "sz": Verb(sequences.pause, sequences.again),
    "sr": Verb(sequences.resume, sequences.again),
    "ra": Verb(blocks.reactivate, blocks.again),
    "ak": Verb(alerts.acknowledge, alerts.again),
    "be": Verb(alerts.believe, alerts.stay),
    "bu": Verb(backups.create, backups.again),
    "bv": Verb(backups.prove, backups.again),
    "nr": Verb(accounts.resume, accounts.again),
    "nc": Verb(accounts.check, accounts.again),
    "ns": Verb(accounts.subscribe, accounts.again),
    "na": Verb(accounts.assume, accounts.again),
    "nt": Verb(accounts.new_token, alerts.stay),
    "im": Verb(imports.ask, imports.again),
    "lg": Verb(agents.choose, agents.again),
    "cs": Verb(composing.send, composing.nothing),
    "go": Verb(conversations.do_it, conversations.nothing),
    "no": Verb(conversations.leave_it, conversations.nothing),
}

KEEPS_DIALOG = frozenset({"wr", "fc", "se", "np", "wf", "cs", "tv", "wv", "tx", "tk", "lt", "lf", "ln", "er"})
"""Screens that open a dialog, and the press that brings one to its end; every other press ends the one that was open."""
