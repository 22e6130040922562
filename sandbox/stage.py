"""The stage of the first story: its people, what they do in the story's language, and the notes from which a scene is made.

A scene acts through the same surfaces as everybody: customers' phones, the shop's phone, Ana's Telegram. What Ana presses and reads is
named by the keys of the program's own texts, so that the story plays in every language and breaks when a screen changes its meaning.
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.telegram.painter import plain
from bot.texts import Texts
from crm.model.messages import TemplateRef
from crm.model.sequences import Sequence, SequenceState, Step, Trigger
from sandbox.graph import Person as Customer
from sandbox.graph import Sent
from sandbox.scenes import Act, Call, Chat, Check, Pane, Scene, said, screen
from sandbox.telegram import Person as Agent
from sandbox.telegram import ShownMessage
from sandbox.texts import Words
from sandbox.world import World

STEPS = 3
_GAP = "\x1f"


class Stage:
    """Everybody at hand, and what the scene under way has shown and checked so far."""

    def __init__(self, world: World, words: Words, ana: Agent) -> None:
        self.world, self.words, self.ana = world, words, ana
        self.customers = tuple(
            world.graph.person(phone=f"549115555{number:04}", name=name)
            for number, name in enumerate(("Leo", "Mía", "Sol", "Tom"), start=1)
        )
        self.leo, self.mia, self.sol, self.tom = self.customers
        self._texts = Texts()
        self._panes: list[Pane] = []
        self._checks: list[Check] = []
        self.pressed = 0

    @classmethod
    async def set_up(cls, world: World, language: str) -> "Stage":
        """Ana joins, the shop's templates are approved, the sequence is published."""
        words = Words(language)
        ana = await world.agent("Ana", 1001, language=language)
        template, code = words("template-name"), words("template-language")
        world.number.add_template(template, code, "UTILITY", words("template-follow-up"))
        world.number.add_template("promo", code, "MARKETING", words("template-promo"))
        steps = (
            Step(timedelta(hours=2), words("step-one")),
            Step(timedelta(hours=80), words("step-two"), TemplateRef(template, code, ("{name}",))),
            Step(timedelta(days=14), words("step-three")),
        )
        trigger, active = Trigger.FIRST_MESSAGE, SequenceState.ACTIVE
        plan = Sequence(0, "welcome", words("sequence"), active, trigger, None, steps, 1, world.clock.at)
        await world.program.engine.sequences.publish("sandbox", [plan])
        return cls(world, words, ana)

    async def comes(self, clock: str, *, days: int = 0) -> None:
        """Let time pass to this hour of the shop's day, so many days ahead."""
        here = self.world.clock.at.astimezone(ZoneInfo(self.world.program.settings.time_zone))
        hour, minute = map(int, clock.split(":"))
        then = (here + timedelta(days=days)).replace(hour=hour, minute=minute, second=0, microsecond=0)
        await self.world.travel(seconds=(then - here).total_seconds())

    # --- the scene under way ---------------------------------------------------------------------------------------------------

    def scene(self, number: int, caption: str, broken: str | None = None) -> Scene:
        """Close the scene with what it showed and checked."""
        panes, checks = tuple(self._panes), tuple(self._checks)
        self._panes.clear()
        self._checks.clear()
        return Scene(
            number, self.world.clock.at, self.words(caption, sequence=self.words("sequence")), panes, checks, broken
        )

    def check(self, key: str, true: bool, **args: object) -> None:
        """Note whether something that the caption claims came true."""
        self._checks.append(Check(self.words(key, **args), true))

    def shows_chat(self, customer: Customer, last: int) -> None:
        """Show the end of a customer's chat with the shop."""
        names = {"person": customer.name}
        lines = customer.chat(self.world.number)[-last:]
        drawn = (said(line, names.get(line.author, self.words("shop")), self._tick) for line in lines)
        self._panes.append(Chat(self.words("whatsapp-of", name=customer.name), tuple(drawn)))

    def shows(self, message: ShownMessage, *, keyboard: bool = True) -> None:
        """Show a message of Ana's Telegram as it stands now, with its keyboard where that matters."""
        self._panes.append(screen(self._telegram, message, keyboard=keyboard))

    def shows_call(self, sent: Sent) -> None:
        """Show what the program asked of Meta."""
        asked = {"template": sent.template, "language": sent.language, "category": sent.category}
        text = self.words("call-template", **asked) if sent.template else self.words("call-text")
        self._panes.append(Call(self.words("meta"), f"POST /{sent.phone_number_id}/messages · {text}"))

    def does(self, key: str, *, elsewhere: bool = False, **args: object) -> None:
        """Show what Ana does, in Telegram unless it is `elsewhere`."""
        title = "" if elsewhere else self._telegram
        self._panes.append(Act(title, self.words(key, name=self.ana.user.name, **args)))

    @property
    def _telegram(self) -> str:
        return self.words("telegram-of", name=self.ana.user.name)

    def _tick(self, tick: str) -> str:
        return self.words("tick", tick=tick)

    # --- Ana -------------------------------------------------------------------------------------------------------------------

    def bot(self, key: str, **args: object) -> str:
        """The program's own words to Ana, as she reads them."""
        say = self._texts.say(self.words.language, self.world.program.settings.time_zone, self.world.clock.at)
        return plain(say(key, **args))

    def pieces(self, key: str, *unknown: str, **args: object) -> list[str]:
        """The same, without the parts that are not known beforehand."""
        return self.bot(key, **args, **dict.fromkeys(unknown, _GAP)).split(_GAP)

    def reads(self, message: ShownMessage, key: str, *unknown: str, **args: object) -> bool:
        """Does a message say this?"""
        return all(piece in message.body for piece in self.pieces(key, *unknown, **args))

    async def sees(self, key: str, *unknown: str, **args: object) -> ShownMessage:
        """The newest message that says this."""
        return await self.world.sees(self.ana, *self.pieces(key, *unknown, **args))

    async def hears(self, customer: Customer, key: str) -> ShownMessage:
        """The push that tells what a customer wrote."""
        return await self.world.sees(self.ana, customer.name, self.words(key))

    async def types(self, text: str) -> None:
        """Ana sends a command."""
        self.does("writes-command", text=text)
        await self.world.says(self.ana, text)

    async def answers(self, message: ShownMessage, key: str, *, shown: bool = True) -> ShownMessage:
        """Ana replies to a message of the bot."""
        if shown:
            self.does("answers-with", text=self.words(key))
        return await self.world.says(self.ana, self.words(key), reply_to=message)

    async def presses(self, message: ShownMessage, label: str) -> None:
        """Ana presses a button, named by the beginning of its label."""
        press = await self.world.presses(self.ana, label, on=message)
        self.pressed += 1
        self.does("presses", label=f"[ {press.label} ]")

    async def approves(self, card: ShownMessage, *, shown: bool = True) -> None:
        """Ana lets a waiting message leave as its template, once she has seen what that costs."""
        left = len(self.world.graph.sends)
        await self.presses(card, self.bot("button-template"))
        if shown:
            self.shows(card)
        await self.presses(card, f"1 {self.words('template-name')}")
        if shown:
            self.shows(card)
        button = self.pieces("button-send-for", "price")[0]
        price = next((label for label in card.labels if label.startswith(button)), button).removeprefix(button)
        told = bool(price) and price in card.body and len(self.world.graph.sends) == left
        await self.presses(card, button)
        await self.world.travel(minutes=2)
        self.shows_call(self.world.graph.sends[-1])
        self.check("check-price-first", told, price=price)
        went = [sent.template for sent in self.world.graph.sends[left:]]
        self.check("check-sent-once", went == [self.words("template-name")])

    async def card_of(self, customer: Customer) -> ShownMessage:
        """The contact's card, asked for anew."""
        await self.types(f"/c {customer.name}")
        return await self.sees("contact-title", "code", contact=customer.name)

    def walks(self, card: ShownMessage, step: int, state: str, reason: str = "none") -> bool:
        """Does the card say that the walk stands before this step, in this state?"""
        facts = {"sequence": self.words("sequence"), "step": step, "steps": STEPS, "state": state, "reason": reason}
        return self.reads(card, "contact-walk", "when", **facts)


def texts_on(customer: Customer) -> list[str]:
    """What the customer's phone shows of what the shop sent."""
    return [shown.text for shown in customer.inbox]


def sent_to(world: World, *customers: Customer) -> list[Sent]:
    """What Meta accepted for these people."""
    return [sent for sent in world.graph.sends if sent.person in customers]


def ticks(world: World, customer: Customer) -> list[str]:
    """How far each of the shop's messages came."""
    return [line.tick for line in customer.chat(world.number) if line.author != "person"]
