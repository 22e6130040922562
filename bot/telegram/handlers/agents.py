"""Coming in with a one-time code, and choosing one's language."""

from telegram import Message

from bot.telegram import menu, parse
from bot.telegram.buttons import Act, Go
from bot.telegram.context import Context
from bot.telegram.handlers import home
from bot.telegram.views import agents as views
from bot.telegram.views import home as home_views
from bot.texts import DEFAULT
from crm.errors import Refused


async def start(ctx: Context, message: Message) -> None:
    """`/start CODE` lets somebody in; `/start` alone shows an agent the first screen. A stranger's wrong code is not answered."""
    code = parse.start_code(message.text)
    user = message.from_user
    if code is None or user is None:
        if ctx.known:
            await home.menu(ctx, "")
        return
    language = ctx.agent.language if ctx.known else user.language_code or DEFAULT
    try:
        agent = await ctx.engine.agents.claim_code(code, user.id, user.full_name, language)
    except Refused as refusal:
        if ctx.known:
            await ctx.refuse(refusal)
        return
    ctx.agent = agent
    await menu.set_for(ctx.bot, agent, ctx.say)
    await ctx.show(home_views.welcome(agent, ctx.say))


async def language(ctx: Context, args: str) -> None:
    """`/idioma`, and `/idioma pt` at once; an order that had lain around only shows the choice."""
    wanted = args.strip().lower()[:2]
    if wanted and not (ctx.message and ctx.late(ctx.message)):
        await _speak(ctx, wanted)
    await ctx.show(views.language(ctx.say))


async def screen(ctx: Context, go: Go) -> None:
    await ctx.show(views.language(ctx.say))


async def choose(ctx: Context, act: Act) -> None:
    """A language button."""
    await _speak(ctx, act.extra or "")
    await ctx.toast(ctx.say.plain("toast-language"))
    await ctx.show(views.language(ctx.say))


async def again(ctx: Context, act: Act) -> None:
    await ctx.show(views.language(ctx.say))


async def _speak(ctx: Context, wanted: str) -> None:
    ctx.agent = await ctx.engine.agents.set_language(ctx.agent, wanted)
    await menu.set_for(ctx.bot, ctx.agent, ctx.say)
