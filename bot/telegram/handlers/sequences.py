"""Drip plans: the list, one plan, pausing and resuming it, and putting contacts on it or taking them off for a while."""

from bot.telegram import parse
from bot.telegram.buttons import Act, Go
from bot.telegram.context import Context
from bot.telegram.handlers import contacts
from bot.telegram.views import contacts as contact_views
from bot.telegram.views import sequences as views
from crm.errors import Conflict, CrmError, NotFound
from crm.model.contacts import Contact
from crm.model.ids import from_short, short


async def several(ctx: Context, args: str) -> None:
    """`/secuencias`."""
    await ctx.show(views.several(await ctx.engine.sequences.all(ctx.agent), ctx.agent, ctx.say))


async def page(ctx: Context, go: Go) -> None:
    cards = await ctx.engine.sequences.all(ctx.agent)
    await ctx.show(views.several(cards, ctx.agent, ctx.say, parse.number(go.args, 0) or 0))


async def screen(ctx: Context, go: Go) -> None:
    """One plan."""
    await show(ctx, parse.number(go.args, 0))


async def show(ctx: Context, sequence_id: int | None) -> None:
    """The plan as it stands now."""
    if sequence_id is None:
        raise NotFound("sequence-not-found")
    await ctx.show(views.card(await ctx.engine.sequences.card(ctx.agent, sequence_id), ctx.agent, ctx.say))


async def again(ctx: Context, act: Act) -> None:
    """After a refusal: the plan as it stands now, or the list."""
    try:
        await show(ctx, act.id)
    except CrmError:
        await several(ctx, "")


async def pause(ctx: Context, act: Act) -> None:
    """Nothing leaves from this plan until somebody resumes it."""
    await _same_version(ctx, act)
    card = await ctx.engine.sequences.pause(ctx.agent, act.id)
    await ctx.toast(ctx.say.plain("toast-paused"))
    await ctx.show(views.card(card, ctx.agent, ctx.say))


async def resume(ctx: Context, act: Act) -> None:
    """Let it go on."""
    await _same_version(ctx, act)
    card = await ctx.engine.sequences.resume(ctx.agent, act.id)
    await ctx.toast(ctx.say.plain("toast-resumed"))
    await ctx.show(views.card(card, ctx.agent, ctx.say))


# --- enrolling ---------------------------------------------------------------------------------------------------------------


async def ask_whom(ctx: Context, go: Go) -> None:
    """Whom shall this plan take?"""
    card = await ctx.engine.sequences.card(ctx.agent, parse.number(go.args, 0) or 0)
    await ctx.open_dialog("enroll", sequence_id=card.sequence.id)
    await ctx.show(views.ask_whom(card.sequence, ctx.say))


async def named(ctx: Context, sequence_id: int, text: str) -> None:
    """The person was named: confirm, or ask which of several."""
    found = await ctx.engine.contacts.find(ctx.agent, text)
    if not found:
        await ctx.show(contact_views.nobody(text, ctx.say))
    elif len(found) == 1:
        await _confirm(ctx, sequence_id, found[0], None)
    else:
        await ctx.show(contact_views.several(found, ctx.agent, ctx.say, ("ec", short(sequence_id))))


async def choose(ctx: Context, go: Go) -> None:
    """From a contact's card: which plan?"""
    conversation_id, contact_id = parse.number(go.args, 0), parse.number(go.args, 1)
    if conversation_id is None or contact_id is None:
        raise NotFound("conversation-not-found")
    card = await ctx.engine.contacts.card(ctx.agent, contact_id)
    cards = await ctx.engine.sequences.all(ctx.agent)
    await ctx.show(views.choose(cards, card.contact, conversation_id, ctx.agent, ctx.say))


async def confirm(ctx: Context, go: Go) -> None:
    """What the contact would be told first."""
    sequence_id, contact_id = parse.number(go.args, 0), parse.number(go.args, 1)
    if sequence_id is None or contact_id is None:
        raise NotFound("sequence-not-found")
    card = await ctx.engine.contacts.card(ctx.agent, contact_id)
    await _confirm(ctx, sequence_id, card.contact, parse.number(go.args, 2))


async def enroll(ctx: Context, act: Act) -> None:
    """Start the walk."""
    walk = await ctx.engine.sequences.enroll(ctx.agent, act.id, from_short(act.extra or "") or 0)
    await ctx.toast(ctx.say.plain("toast-enrolled"))
    await contacts.show(ctx, walk.contact_id)


async def pause_walk(ctx: Context, act: Act) -> None:
    """One contact waits; the others walk on."""
    walk = await ctx.engine.sequences.pause_enrollment(ctx.agent, act.id)
    await ctx.toast(ctx.say.plain("toast-paused"))
    await contacts.show(ctx, walk.contact_id)


async def resume_walk(ctx: Context, act: Act) -> None:
    """The contact walks on."""
    walk = await ctx.engine.sequences.resume_enrollment(ctx.agent, act.id)
    await ctx.toast(ctx.say.plain("toast-resumed"))
    await contacts.show(ctx, walk.contact_id)


async def _confirm(ctx: Context, sequence_id: int, contact: Contact, only: int | None) -> None:
    plan = (await ctx.engine.sequences.card(ctx.agent, sequence_id)).sequence
    card = await ctx.engine.contacts.card(ctx.agent, contact.id)
    await ctx.show(views.confirm_enroll(plan, card, only, ctx.agent, ctx.say))


async def _same_version(ctx: Context, act: Act) -> None:
    """A plan that was replaced since the button was drawn is looked at again first."""
    if (await ctx.engine.sequences.card(ctx.agent, act.id)).sequence.version != act.version:
        raise Conflict("stale")
