"""Our numbers: looking, pausing and resuming, examining, what each may assume, and the way to a new token, which no chat may see."""

from telegram import Message
from telegram.error import TelegramError

from bot.telegram import parse
from bot.telegram.buttons import Act, Go
from bot.telegram.context import Context
from bot.telegram.views import accounts as views
from crm.errors import NotFound, Refused
from crm.health import REASON
from crm.policy import permissions
from crm.policy.permissions import Capability

CONFIRM_WITHIN = 90


async def several(ctx: Context, args: str) -> None:
    """`/cuentas`."""
    await ctx.show(views.page(await ctx.engine.accounts.page(ctx.agent), ctx.agent, ctx.say))


async def screen(ctx: Context, go: Go) -> None:
    """One number, or all."""
    account_id = parse.number(go.args, 0)
    if account_id is None:
        await several(ctx, "")
    else:
        await _card(ctx, account_id)


async def ask_why(ctx: Context, go: Go) -> None:
    """The Pause button: the next words are the reason."""
    permissions.require(ctx.agent, Capability.ACCOUNTS)
    card = await ctx.engine.accounts.card(ctx.agent, _id(go))
    await ctx.open_dialog("pause", account_id=card.account.id)
    await ctx.show(views.ask_why(card.account, ctx.say))


async def pause(ctx: Context, account_id: int, why: str) -> None:
    """The reason was written: nothing leaves from now on."""
    await ctx.engine.accounts.pause(ctx.agent, account_id, why)
    await _card(ctx, account_id)


async def confirm_resume(ctx: Context, go: Go) -> None:
    """What resuming means, to be confirmed within 90 seconds."""
    permissions.require(ctx.agent, Capability.ACCOUNTS)
    await ctx.show(views.confirm_resume(await ctx.engine.accounts.card(ctx.agent, _id(go)), ctx.say))


async def resume(ctx: Context, act: Act) -> None:
    """The button's version is the second at which it was shown."""
    if not 0 <= ctx.now.timestamp() - act.version <= CONFIRM_WITHIN:
        raise Refused("confirmation-expired")
    resumed = await ctx.engine.accounts.resume(ctx.agent, act.id)
    if resumed.account.held_reason == REASON:
        raise Refused("account-blocked")
    await ctx.toast(ctx.say.plain("toast-resumed" if resumed.known else "toast-resumed-unasked"))
    await _card(ctx, act.id)


async def check(ctx: Context, act: Act) -> None:
    """Ask Meta about it now."""
    (checkup,) = await ctx.engine.onboarding.check(ctx.agent, act.id)
    await ctx.show(views.checked(checkup, ctx.say))


async def subscribe(ctx: Context, act: Act) -> None:
    """Let its webhooks come here."""
    permissions.require(ctx.agent, Capability.ACCOUNTS)
    await ctx.engine.onboarding.subscribe(act.id, f"agent:{ctx.agent.id}")
    await ctx.toast(ctx.say.plain("toast-subscribed"))
    await check(ctx, act)


async def assume(ctx: Context, act: Act) -> None:
    """Switch an assumption on or off: `manual_send.off`."""
    assumption, _, wanted = (act.extra or "").partition(".")
    await ctx.engine.accounts.set_assumption(ctx.agent, act.id, assumption, on=wanted == "on")
    await ctx.toast(ctx.say.plain("toast-noted"))
    await _card(ctx, act.id)


async def new_token(ctx: Context, act: Act) -> None:
    """Open a form for this administrator. What says that a token fails stays where it is: the way to the form is a new message."""
    permissions.require(ctx.agent, Capability.ACCOUNTS)
    card = await ctx.engine.accounts.card(ctx.agent, act.id)
    if not ctx.can_take_secrets:
        await ctx.show(views.no_form(card.account, ctx.say), new=True)
        return
    address = ctx.form_address(await ctx.engine.token_forms.open(ctx.agent, act.id))
    await ctx.show(views.form(card.account, address, ctx.say), new=True)


async def leaked(ctx: Context, message: Message, update_id: int) -> None:
    """Somebody typed a secret: it goes from the chat and from what we keep, reaches no customer, and counts as known to others."""
    await ctx.engine.desk.leaked(ctx.agent, update_id)
    try:
        deleted = await message.delete()
    except TelegramError:
        deleted = False
    await ctx.show(views.leaked(ctx.say, deleted=deleted), new=True)


async def again(ctx: Context, act: Act) -> None:
    """After a refusal: the number as it is now."""
    await _card(ctx, act.id)


async def _card(ctx: Context, account_id: int) -> None:
    await ctx.show(views.card(await ctx.engine.accounts.card(ctx.agent, account_id), ctx.agent, ctx.say))


def _id(go: Go) -> int:
    account_id = parse.number(go.args, 0)
    if account_id is None:
        raise NotFound("account-not-found")
    return account_id
