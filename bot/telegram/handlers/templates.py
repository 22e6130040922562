"""A template for a customer: chosen, filled in value by value, looked at with its price, confirmed once. And the list of all.

The dialog is a row in the database, so that a restart is invisible. What Meta would not take is refused at once, and the question stays
open; nothing leaves before the agent has seen it as the customer will.
"""

from collections.abc import Mapping
from typing import Any

from telegram import Message

from bot.telegram import contents, files, parse
from bot.telegram.buttons import Confirm, Go
from bot.telegram.context import Context
from bot.telegram.handlers import contacts, pending
from bot.telegram.handlers.files import kept
from bot.telegram.views import templates as views
from crm.errors import NotFound, Refused
from crm.model.answers import TemplateFilling
from crm.model.contents import Location
from crm.model.media import KeptFile, MediaKind, kept_data, kept_of
from crm.policy import filling
from crm.policy.filling import Slot, SlotKind, Unfit
from crm.services.template_sends import Target

DIALOG = "template"


# --- all of them -------------------------------------------------------------------------------------------------------------


async def several(ctx: Context, args: str) -> None:
    """`/plantillas`."""
    await ctx.show(views.several(await ctx.engine.templates.listing(ctx.agent), ctx.agent, ctx.say))


async def page(ctx: Context, go: Go) -> None:
    """A page of the list."""
    found = await ctx.engine.templates.listing(ctx.agent)
    await ctx.show(views.several(found, ctx.agent, ctx.say, parse.number(go.args, 0) or 0))


async def one(ctx: Context, go: Go) -> None:
    """What a template says, and how it stands with Meta."""
    template = await ctx.engine.templates.one(ctx.agent, parse.number(go.args, 0) or 0)
    await ctx.show(views.one(template, ctx.agent, ctx.say))


# --- for somebody ------------------------------------------------------------------------------------------------------------


async def for_card(ctx: Context, go: Go) -> None:
    """What may leave instead of a waiting message."""
    target = Target(pending_id=parse.number(go.args, 0) or 0)
    await _choices(ctx, target, parse.number(go.args, 1) or 0)


async def for_conversation(ctx: Context, go: Go) -> None:
    """What may leave to a contact outside the window."""
    target = Target(conversation_id=parse.number(go.args, 0) or 0)
    await _choices(ctx, target, parse.number(go.args, 2) or 0)


async def pick_for_card(ctx: Context, go: Go) -> None:
    """A template was chosen for a card, in the version in which it is shown now."""
    pending_id = parse.number(go.args, 0) or 0
    card = await ctx.engine.pending.card(ctx.agent, pending_id)
    await _begin(ctx, Target(None, pending_id, card.pending.version), parse.number(go.args, 1) or 0)


async def pick_for_conversation(ctx: Context, go: Go) -> None:
    """A template was chosen for a conversation."""
    await _begin(ctx, Target(conversation_id=parse.number(go.args, 0) or 0), parse.number(go.args, 2) or 0)


async def edit(ctx: Context, go: Go) -> None:
    """Go through the values again, each with what it is now."""
    state, found = await _state(ctx)
    if not filling.slots(found.components):
        raise Refused("template-without-values")
    await _ask(ctx, {**state, "edit": True}, found, filling.slots(found.components)[0])


async def keep(ctx: Context, go: Go) -> None:
    """Leave the value that was asked about as it is."""
    state, found = await _state(ctx)
    await _next(ctx, state, found)


async def written(ctx: Context, dialog: Mapping[str, Any], message: Message) -> None:
    """The value that was asked for. Refused, the question stays open. The same message again is not the next value."""
    state, found = dict(dialog), await _found(ctx, dialog)
    if state.get("heard") == message.message_id:
        return
    slot = next((each for each in filling.slots(found.components) if each.key == state.get("asking")), None)
    if slot is None:
        await _look(ctx, state, found)
        return
    state["heard"] = message.message_id
    if slot.kind is SlotKind.FILE:
        state["file"] = await _file(ctx, message, slot)
    else:
        state["values"] = {**state["values"], slot.key: _value(message, slot)}
    await _next(ctx, state, await _found(ctx, state))


async def confirm(ctx: Context, confirmed: Confirm) -> None:
    """Send what was prepared."""
    marks = await ctx.engine.desk.recall(ctx.chat_id, ctx.pressed_on) if ctx.pressed_on is not None else {}
    _, target = await ctx.engine.template_sends.confirm(ctx.agent, confirmed.token)
    await ctx.toast(ctx.say.plain("toast-sent-template"))
    if target.pending_id is not None:
        await pending.refreshed(ctx, target.pending_id)
    elif "contact" in marks:
        await contacts.show(ctx, marks["contact"])


# --- inside ------------------------------------------------------------------------------------------------------------------


async def _choices(ctx: Context, target: Target, start: int) -> None:
    found = await ctx.engine.template_sends.choices(ctx.agent, target)
    await ctx.show(views.choices(found, target.conversation_id, ctx.agent, ctx.say, start))


async def _begin(ctx: Context, target: Target, template_id: int) -> None:
    found = await ctx.engine.template_sends.begin(ctx.agent, target, template_id)
    state = {
        "conversation_id": target.conversation_id,
        "pending_id": target.pending_id,
        "version": target.version,
        "template_id": template_id,
        "values": dict(found.values),
        "file": None if found.file is None else kept_data(found.file),
        "edit": False,
    }
    missing = _missing(found)
    await (_look(ctx, state, found) if missing is None else _ask(ctx, state, found, missing))


async def _state(ctx: Context) -> tuple[dict[str, Any], TemplateFilling]:
    dialog = await ctx.dialog()
    if dialog is None or dialog["kind"] != DIALOG:
        raise Refused("dialog-over")
    return dict(dialog), await _found(ctx, dialog)


async def _found(ctx: Context, state: Mapping[str, Any]) -> TemplateFilling:
    """The template as it is now, with the values so far."""
    found = await ctx.engine.template_sends.begin(ctx.agent, _target(state), int(state["template_id"]))
    file = _as_file(state["file"])
    return TemplateFilling(found.template, found.components, found.contact, found.account, state["values"], file)


def _target(state: Mapping[str, Any]) -> Target:
    return Target(state["conversation_id"], state["pending_id"], state["version"])


def _missing(found: TemplateFilling) -> Slot | None:
    """The first value that nobody has given yet."""
    for slot in filling.slots(found.components):
        if slot.kind is SlotKind.FILE:
            if found.file is None or found.file.kind is not slot.media:
                return slot
        elif not found.values.get(slot.key, "").strip():
            return slot
    return None


async def _next(ctx: Context, state: dict[str, Any], found: TemplateFilling) -> None:
    """Ask for what follows: when editing the next value, otherwise the next that is missing."""
    slots = filling.slots(found.components)
    keys = [slot.key for slot in slots]
    asked = state.get("asking")
    at = keys.index(asked) + 1 if asked in keys else 0
    following = slots[at] if state["edit"] and at < len(slots) else _missing(found)
    await (_look(ctx, state, found) if following is None else _ask(ctx, state, found, following))


async def _ask(ctx: Context, state: Mapping[str, Any], found: TemplateFilling, slot: Slot) -> None:
    await _remember(ctx, state, asking=slot.key)
    await ctx.show(views.ask(found, slot, state["pending_id"], ctx.agent, ctx.say), new=True)


async def _look(ctx: Context, state: Mapping[str, Any], found: TemplateFilling) -> None:
    """Show it as the customer will see it, with its price. Values may still be changed from there."""
    target = _target(state)
    look = await ctx.engine.template_sends.prepare(ctx.agent, target, found.template.id, found.values, found.file)
    await _remember(ctx, state, asking=None)
    values = bool(filling.slots(found.components))
    screen = views.look(look, target.pending_id, target.conversation_id, ctx.agent, ctx.say, values=values)
    await ctx.show(screen, new=ctx.query is None)


async def _remember(ctx: Context, state: Mapping[str, Any], *, asking: str | None) -> None:
    kept = {key: value for key, value in state.items() if key not in ("kind", "at")}
    await ctx.open_dialog(DIALOG, **{**kept, "asking": asking})


async def _file(ctx: Context, message: Message, slot: Slot) -> dict[str, Any]:
    handed = files.of(message)
    if handed is None:
        raise Refused("template-file-missing", name=slot.name)
    if handed.kind is not slot.media:
        raise Refused("template-header-kind")
    return kept_data(await kept(ctx, handed))


def _value(message: Message, slot: Slot) -> str:
    place = contents.of(message)
    text = filling.written_place(place) if isinstance(place, Location) else message.text or ""
    try:
        return filling.checked(slot, text)
    except Unfit as wrong:
        raise Refused(wrong.code, name=wrong.slot, limit=wrong.limit) from wrong


def _as_file(data: Mapping[str, Any] | None) -> KeptFile | None:
    if data is None:
        return None
    if data.get("kind") not in set(MediaKind):
        raise NotFound("template-not-found")
    return kept_of(data)
