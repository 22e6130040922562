"""Templates: choosing one for a customer, filling it in, looking at it with its price; the list of all and one of them."""

from collections.abc import Sequence

from bot.telegram.buttons import Button, Confirm, go
from bot.telegram.screen import PER_PAGE, Screen, in_rows, rows
from bot.telegram.views.common import (
    back,
    category,
    discreet,
    fitting,
    name,
    one_line,
    phone,
    quoted,
    reason,
    refresh,
)
from bot.texts import Html, Say, clip, escape, lines
from crm.model.agents import Agent
from crm.model.answers import TemplateChoice, TemplateChoices, TemplateFilling, TemplateLook
from crm.model.messages import TemplateRef
from crm.model.templates import ButtonKind, Preview, Template
from crm.policy.filling import Slot, preview, slots

LINE = 90
CATEGORY_ICONS = {"marketing": "📣", "utility": "🧾", "authentication": "🔑"}
QUALITY_ICONS = {"GREEN": "🟢", "YELLOW": "🟡", "RED": "🔴"}
BUTTON_ICONS = {
    ButtonKind.URL: "🔗 ",
    ButtonKind.PHONE_NUMBER: "📞 ",
    ButtonKind.COPY_CODE: "📋 ",
    ButtonKind.OTP: "📋 ",
    ButtonKind.FLOW: "🧩 ",
    ButtonKind.REQUEST_CONTACT_INFO: "👤 ",
}


# --- choosing ----------------------------------------------------------------------------------------------------------------


def choices(found: TemplateChoices, conversation_id: int | None, agent: Agent, say: Say, start: int = 0) -> Screen:
    """What may leave to this person outside the window, each with its price."""
    pending = found.pending
    here = ("qt", pending.id) if pending else ("wt", conversation_id or 0, found.contact.id)
    pick = ("tv", pending.id) if pending else ("wv", conversation_id or 0, found.contact.id)
    leave = go("qi", pending.id) if pending else go("c", found.contact.id)
    shows = {"pending": pending.id} if pending else {"contact": found.contact.id}
    last = [Button(say.plain("button-back"), leave)]
    title = say("templates-title", contact=name(found.contact, agent))
    unusable = say("templates-unusable", count=found.unusable) if found.unusable else None
    if not found.choices:
        return Screen(lines(title, say("templates-empty"), unusable), rows(last), shows)
    shown = list(enumerate(found.choices, start=1))[start : start + PER_PAGE]
    text = lines(
        title,
        say("templates-what", card=f"{found.choices[0].quote.card_date:%Y-%m-%d}"),
        "",
        *(_choice(number, choice, say) for number, choice in shown),
        unusable,
    )
    buttons = [
        Button(fitting(f"{number} {choice.template.name}", 2), go(*pick, choice.template.id))
        for number, choice in shown
    ]
    further = start + PER_PAGE < len(found.choices)
    more = Button(say.plain("button-more"), go(*here, start + PER_PAGE)) if further else None
    first = Button(say.plain("button-first"), go(*here)) if start else None
    return Screen(text, rows(*in_rows(buttons, 2), [first, more], last), shows)


def _choice(number: int, choice: TemplateChoice, say: Say) -> Html:
    template = choice.template
    kind = choice.quote.category.value
    return say(
        "templates-line",
        number=number,
        name=clip(template.name, 40),
        language=template.language,
        icon=CATEGORY_ICONS.get(kind, "📄"),
        category=category(kind, say),
        price=say.price(choice.quote),
        quality=QUALITY_ICONS.get(template.quality, "") if template.quality in ("YELLOW", "RED") else "",
        text=clip(one_line(choice.text), LINE),
    )


# --- filling in --------------------------------------------------------------------------------------------------------------


def ask(found: TemplateFilling, slot: Slot, pending_id: int | None, agent: Agent, say: Say) -> Screen:
    """Ask for one value; the one that is there already may stay."""
    all_slots = slots(found.components)
    current = found.values.get(slot.key)
    if slot.media is not None and found.file is not None and found.file.kind is slot.media:
        current = found.file.name or say.plain("message-kind", kind=slot.media.message_kind)
    text = lines(
        say(
            "template-ask-title",
            template=clip(found.template.name, 40),
            contact=name(found.contact, agent),
            number=[each.key for each in all_slots].index(slot.key) + 1,
            count=len(all_slots),
        ),
        say(
            "template-ask", kind=slot.kind.value, name=clip(slot.name, 60), media=slot.media.value if slot.media else ""
        ),
        quoted(slot.around) if slot.around else None,
        say("template-ask-now", value=clip(current, 200)) if current else None,
    )
    keep = Button(say.plain("button-keep-value"), go("tk")) if current else None
    leave = go("qi", pending_id) if pending_id is not None else go("c", found.contact.id)
    return Screen(text, rows([keep], [Button(say.plain("button-cancel"), leave)]))


# --- looking at it -----------------------------------------------------------------------------------------------------------


def look(
    look: TemplateLook, pending_id: int | None, conversation_id: int | None, agent: Agent, say: Say, *, values: bool
) -> Screen:
    """Exactly what would leave and what it costs; the button is good once, for this agent, for 90 seconds."""
    template, price, contact = look.template, say.price(look.quote), look.contact
    other = go("qt", pending_id) if pending_id is not None else go("wt", conversation_id or 0, contact.id)
    leave = go("qi", pending_id) if pending_id is not None else go("c", contact.id)
    text = lines(
        say("confirm-title"),
        say(
            "confirm-to",
            contact=name(contact, agent),
            phone=phone(contact, agent, say),
            account=clip(look.account.name, 40),
        ),
        say(
            "confirm-template",
            name=clip(template.name, 60),
            language=template.language,
            category=category(look.quote.category.value, say),
        ),
        "",
        drawn(look.preview, agent, say),
        say(
            "confirm-price",
            price=price,
            market=say.market(look.quote.market),
            card=f"{look.quote.card_date:%Y-%m-%d}",
            category=category(look.quote.category.value, say),
        ),
        say("contact-marketing-stopped") if contact.marketing_opted_out else None,
        say("confirm-valid"),
    )
    known = look.quote.amount is not None
    label = say.plain("button-send-for", price=price) if known else say.plain("button-send-unpriced")
    return Screen(
        text,
        rows(
            [Button(label, Confirm(look.token), "danger")],
            [
                Button(say.plain("button-values"), go("tx")) if values else None,
                Button(say.plain("button-other-template"), other),
                Button(say.plain("button-cancel"), leave),
            ],
        ),
        {"pending": pending_id} if pending_id is not None else {"contact": contact.id},
    )


def drawn(shown: Preview, agent: Agent, say: Say) -> Html:
    """A template as WhatsApp shows it: what stands above, the words, the small print, and what can be tapped."""
    above = None
    if shown.media is not None:
        above = escape(f"[{say.plain('message-kind', kind=shown.media.message_kind)}]")
    elif shown.place is not None:
        where = shown.place.name or f"{shown.place.latitude}, {shown.place.longitude}"
        above = escape(f"[📍 {clip(one_line(where), 80)}]")
    elif shown.header:
        above = Html(f"<b>{escape(shown.header)}</b>")
    foot = Html(f"<i>{escape(shown.footer)}</i>") if shown.footer else None
    taps = [
        escape(f"[ {BUTTON_ICONS.get(each.kind, '')}{each.text}{discreet(_target(each.kind, each.target), agent)} ]")
        for each in shown.buttons
    ]
    inner = lines(above, escape(clip(shown.body.strip(), 1_100)) or Html("—"), foot, *taps)
    return Html(f"<blockquote>{inner}</blockquote>")


def _target(kind: ButtonKind, target: str) -> str:
    return (
        f" · {clip(target, 80)}"
        if kind in (ButtonKind.URL, ButtonKind.PHONE_NUMBER, ButtonKind.COPY_CODE) and target
        else ""
    )


# --- all of them -------------------------------------------------------------------------------------------------------------


def several(found: Sequence[Template], agent: Agent, say: Say, start: int = 0) -> Screen:
    """`/plantillas`, one page."""
    if not found:
        return Screen(
            lines(say("template-list-title", count=0), say("template-list-empty")), rows([back(say), refresh("tl")])
        )
    shown = found[start : start + PER_PAGE]
    text = lines(
        say("template-list-title", count=len(found)),
        *(_line(each, say) for each in shown),
    )
    buttons = [Button(fitting(each.name, 2), go("to", each.id)) for each in shown]
    more = Button(say.plain("button-more"), go("tl", start + PER_PAGE)) if start + PER_PAGE < len(found) else None
    first = Button(say.plain("button-first"), go("tl")) if start else None
    return Screen(text, rows(*in_rows(buttons, 2), [first, more], [back(say), refresh("tl", start)]))


def _line(template: Template, say: Say) -> Html:
    word = template.category_at_time(say.now)
    return say(
        "template-list-line",
        icon=_state_icon(template),
        name=clip(template.name, 40),
        language=template.language,
        category=category(word, say),
        state=say.plain("template-state", state=_state(template), word=template.status),
        quality=QUALITY_ICONS.get(template.quality, ""),
    )


def one(template: Template, agent: Agent, say: Say) -> Screen:
    """What a template says, and how it stands with Meta."""
    until, starts = template.paused_until, template.next_category_at
    components = template.components
    text = lines(
        say(
            "template-title",
            icon=_state_icon(template),
            name=clip(template.name, 60),
            language=template.language,
            category=category(template.category_at_time(say.now), say),
        ),
        say("template-is", state=say.plain("template-state", state=_state(template), word=template.status)),
        say("template-why", reason=reason(template.reason, say)) if template.reason else None,
        say("template-until", when=say.moment(until)) if until else None,
        say("template-quality", quality=template.quality, icon=QUALITY_ICONS.get(template.quality, "⚪"))
        if template.quality
        else None,
        say("template-was", category=category(template.previous_category, say)) if template.previous_category else None,
        say("template-becomes", category=category(template.next_category, say), when=say.moment(starts))
        if template.next_category and starts and starts > say.now
        else None,
        say("template-unfit", part=clip(components.unfit, 60)) if components and components.unfit else None,
        "",
        drawn(preview(components, TemplateRef(template.name, template.language)), agent, say)
        if components
        else say("template-unread"),
        say("template-seen", ago=say.ago(template.updated_at)),
    )
    return Screen(text, rows([Button(say.plain("button-back"), go("tl")), refresh("to", template.id)]))


def _state(template: Template) -> str:
    if template.refusal is not None and template.status == "APPROVED":
        return "refused"
    return template.status.lower()


def _state_icon(template: Template) -> str:
    if template.usable:
        return "✅"
    return {"PAUSED": "⏸", "PENDING": "⏳", "IN_APPEAL": "⏳"}.get(template.status, "⛔")
