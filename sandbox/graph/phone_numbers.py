"""The business's phone numbers, and the phone in the shop for those in coexistence.

A coexistence number also lives in the WhatsApp Business app: what is typed there reaches the program as an echo, costs nothing,
needs no window and opens none. Reference: sections 1.3, 4 (throughput) and 8.
"""

from datetime import datetime, timedelta
from typing import Any

from sandbox.graph import coexistence, webhooks
from sandbox.graph.errors import GraphError, Json
from sandbox.graph.fate import Journey
from sandbox.graph.identity import digits, new_wamid
from sandbox.graph.limits import FreeQuota, Reach, Throughput
from sandbox.graph.people import Person
from sandbox.graph.screens import preview
from sandbox.graph.state import Author, Message, Stage
from sandbox.graph.templates import Template

SYNC_TIME = timedelta(hours=24)
AILMENTS: dict[str, Json] = {
    "BLOCKED": {
        "error_code": 141000,
        "error_description": "The phone number is blocked from sending messages.",
        "possible_solution": "Resolve the policy issue in Business Support and request a review.",
    },
    "LIMITED": {
        "error_code": 141006,
        "error_description": "The phone number is limited in what it sends.",
        "possible_solution": "Raise the quality of the messages in WhatsApp Manager.",
    },
}
"""What Meta has against a number whose health is this, in the sandbox's own words."""


class Business:
    """A WhatsApp Business Account: it owns templates and the subscription of the app, and a portfolio owns it."""

    def __init__(self, waba_id: str, name: str) -> None:
        self.waba_id, self.name = waba_id, name
        self.portfolio_id, self.portfolio_name = f"9{waba_id}", name
        self.subscribed = True
        self.reach = Reach()
        self.templates: list[Template] = []
        self.calls_used, self.regain_minutes = 0, 5
        """Per cent of the calls that Meta allows an hour, and when it lets on again; headers tell, once there are any."""


class Number:
    """One business phone number. Get one from `Graph.add_number`."""

    def __init__(
        self,
        stage: Stage,
        business: Business,
        *,
        phone_number_id: str,
        display_phone: str,
        name: str,
        in_coexistence: bool,
        onboarded_at: datetime,
    ) -> None:
        self._stage, self.business = stage, business
        self.phone_number_id, self.display_phone, self.name = phone_number_id, display_phone, name
        self.coexistence, self.onboarded_at = in_coexistence, onboarded_at
        self.business_agent = False
        self.registered = True
        self.health = "AVAILABLE"
        """Whether Meta lets it send, in its `health_status`: AVAILABLE, LIMITED or BLOCKED."""
        self.payment_method = True
        self.webhook_url: str | None = None
        """Somebody's address for this number's webhooks, in place of the app's (reference 1.0)."""
        self.name_status = "APPROVED"
        self.quality, self.status, self.messaging_limit = "GREEN", "CONNECTED", "TIER_2K"
        self.mps = 20 if in_coexistence else 80
        self.throughput, self.quota = Throughput(), FreeQuota()
        self.synced: set[str] = set()
        self.shares_history = True
        self.book: dict[str, str] = {}
        self._typed: dict[str, Person] = {}

    @property
    def waba_id(self) -> str:
        return self.business.waba_id

    @property
    def phone(self) -> str:
        return digits(self.display_phone)

    def add_template(
        self,
        name: str,
        language: str,
        category: str,
        body: str,
        status: str = "APPROVED",
        *,
        header: str | None = None,
        footer: str | None = None,
        buttons: tuple[Json, ...] = (),
        header_format: str = "TEXT",
    ) -> Template:
        """Give the account a template; all numbers of the account share it."""
        identifier = f"{self.waba_id}{len(self.business.templates) + 1:05d}"
        template = Template(identifier, name, language, category.upper(), body, status, header, footer, buttons)
        template.header_format = header_format
        template.rated_at = int(self._stage.clock.now().timestamp())
        self.business.templates.append(template)
        return template

    def template_status(self, template: Template, event: str, title: str | None = None) -> None:
        """Meta's word on a template: kept, and told by webhook (1.4)."""
        template.status = {"REINSTATED": "APPROVED", "UNARCHIVED": "APPROVED"}.get(event, event)
        if event == "DELETED":
            self.business.templates.remove(template)
        value: Json = {"event": event, "reason": "NONE", "message_template_category": template.category}
        if title is not None:
            value["other_info"] = {"title": title, "description": "The template was paused or unpaused by its quality."}
        self._template_news("message_template_status_update", template, value)

    def template_quality(self, template: Template, score: str) -> None:
        """The template's quality changes."""
        before, template.quality = template.quality, score
        value = {"previous_quality_score": before, "new_quality_score": score}
        self._template_news("message_template_quality_update", template, value)

    def template_category(self, template: Template, category: str) -> None:
        """Meta moves the template into another category, at once."""
        template.previous_category, template.category = template.category, category
        value = {"previous_category": template.previous_category, "new_category": category}
        self._template_news("template_category_update", template, value)

    def _template_news(self, field: str, template: Template, value: Json) -> None:
        named = {
            "message_template_id": int(template.id),
            "message_template_name": template.name,
            "message_template_language": template.language.replace("_", "-"),
        }
        now = self._stage.clock.now()
        self._stage.mail(webhooks.Update(self.waba_id, field, named | value, at=now), now)

    # --- the Business app (coexistence)

    def phone_sends(self, person: Person, text: str) -> str:
        """Type a message in the Business app: an echo to the webhook, statuses, no charge, no window."""
        self._needs_app()
        self._stage.advance()
        now, wamid = self._stage.clock.now(), new_wamid()
        element: Json = {"type": "text", "text": {"body": text}}
        message = Message(wamid, self.phone_number_id, "app", now, "text", text, element["text"], person.key)
        message.to_phone = person.identity.wa_id is not None
        thread = person.thread(self)
        thread.messages.append(message)
        thread.last_manual_at = now
        self._typed[wamid] = person
        self._stage.keep(message)
        self._echo(person, wamid, element, now)
        Journey(self._stage, self, person, message, person.wa_id).start(now)
        return wamid

    def phone_edits(self, wamid: str, text: str) -> str:
        """Edit in the app what the app sent; returns the wamid of the edit."""
        message = self._own(wamid)
        message.text, message.edited = text, True
        change = {"original_message_id": wamid, "message": {"type": "text", "text": {"body": text}}}
        return self._echo_change(message, {"type": "edit", "edit": change})

    def phone_revokes(self, wamid: str) -> str:
        """Delete for everyone in the app what the app sent; returns the wamid of the deletion."""
        message = self._own(wamid)
        message.revoked_at = self._stage.clock.now()
        return self._echo_change(message, {"type": "revoke", "revoke": {"original_message_id": wamid}})

    def sync(self, kind: str, people: list[Person]) -> str:
        """Send the address book or the history once, within 24 h of onboarding (2593107, 2593108)."""
        now = self._stage.clock.now()
        if not self.coexistence or kind not in ("smb_app_state_sync", "history"):
            raise GraphError(100, "Invalid parameter: sync_type")
        if kind in self.synced:
            raise GraphError(2593107)
        if now - self.onboarded_at > SYNC_TIME:
            raise GraphError(2593108)
        self.synced.add(kind)
        known = [person for person in people if person.lines(self.phone_number_id)]
        if kind == "history":
            self._hand_over([(who.identity, each) for who in known for each in who.lines(self.phone_number_id)], now)
        else:
            named = [coexistence.entry(who.identity, self.book.get(who.key, who.name), now) for who in known]
            self._mail(kind, coexistence.address_book(named), now)
        return new_wamid().removeprefix("wamid.")

    def remembers(self, person: Person, element: Json, at: datetime, *, ours: bool) -> str:
        """Let the phone have said or heard something before the number was onboarded: nobody is told until the history is shared."""
        self._needs_app()
        kind, wamid = str(element["type"]), new_wamid()
        author: Author = "app" if ours else "person"
        message = Message(wamid, self.phone_number_id, author, at, kind, preview(element), element[kind], person.key)
        message.to_phone = person.identity.wa_id is not None
        message.statuses = dict.fromkeys(("sent", "delivered", "read"), at) if ours else {}
        lines = person.thread(self).messages
        lines.insert(sum(each.at <= at for each in lines), message)
        self._typed |= {wamid: person} if ours else {}
        self._stage.keep(message)
        return wamid

    def names(self, person: Person, name: str | None) -> None:
        """Write a person's name into the phone's address book, change it, or take it out (None)."""
        self._needs_app()
        self._stage.advance()
        now = self._stage.clock.now()
        if name is None:
            self.book.pop(person.key, None)
        else:
            self.book[person.key] = name
        self._mail("smb_app_state_sync", coexistence.address_book([coexistence.entry(person.identity, name, now)]), now)

    def _hand_over(self, lines: list[coexistence.Line], now: datetime) -> None:
        """Out of order, a second apart, the first chunk twice; or the refusal, as Meta's example has it."""
        if not self.shares_history:
            body = webhooks.encode(coexistence.declined())
            self._stage.mail(webhooks.Update(self.waba_id, "history", {}, raw=body, at=now), now)
            return
        values = coexistence.history(self.phone, lines, now)
        order = [*values, *values[:1]] if len(values) > 1 else values
        self._stage.random.shuffle(order)
        for turn, value in enumerate(order):
            self._mail("history", value, now + timedelta(seconds=turn))

    # --- what the Graph API tells

    def fields(self, webhook_url: str | None) -> dict[str, Any]:
        """Return every field `GET /{phone_number_id}` knows."""
        health = self.health if self.registered else "BLOCKED"
        ailments = [AILMENTS[health]] if health in AILMENTS else []
        return {
            "id": self.phone_number_id,
            "verified_name": self.name,
            "code_verification_status": "VERIFIED",
            "display_phone_number": self.display_phone,
            "quality_rating": self.quality,
            "platform_type": "CLOUD_API",
            "throughput": {"level": "STANDARD" if self.mps <= 80 else "HIGH"},
            "status": self.status,
            "name_status": self.name_status,
            "account_mode": "LIVE",
            "is_on_biz_app": self.coexistence,
            "is_official_business_account": False,
            "messaging_limit_tier": self.messaging_limit,
            "whatsapp_business_manager_messaging_limit": self.messaging_limit,
            "webhook_configuration": self._webhooks_go_to(webhook_url),
            "health_status": {
                "can_send_message": health,
                "entities": [
                    {
                        "entity_type": "PHONE_NUMBER",
                        "id": self.phone_number_id,
                        "can_send_message": health,
                        "errors": ailments,
                    },
                    {"entity_type": "WABA", "id": self.waba_id, "can_send_message": "AVAILABLE"},
                ],
            },
        }

    # --- details

    def _webhooks_go_to(self, app_url: str | None) -> Json:
        places = {"phone_number": self.webhook_url, "application": app_url}
        return {place: url for place, url in places.items() if url}

    def _needs_app(self) -> None:
        if not self.coexistence:
            raise ValueError(f"number {self.phone_number_id} is not in coexistence: no phone can send from it")

    def _own(self, wamid: str) -> Message:
        self._needs_app()
        self._stage.advance()
        message = self._stage.find(wamid)
        if message is None or wamid not in self._typed:
            raise ValueError(f"{wamid} was not typed in the app of this number")
        return message

    def _echo_change(self, message: Message, element: Json) -> str:
        wamid = new_wamid()
        self._echo(self._typed[message.wamid], wamid, element, self._stage.clock.now())
        return wamid

    def _echo(self, person: Person, wamid: str, element: Json, at: datetime) -> None:
        self._mail("smb_message_echoes", webhooks.echo(self.phone, person.identity, wamid, at, element), at)

    def _mail(self, field: str, value: Json, at: datetime) -> None:
        whole = webhooks.head(self.display_phone, self.phone_number_id) | value
        self._stage.mail(webhooks.Update(self.waba_id, field, whole, at=at), at)
