"""Suspicions of a block, and taking one back by hand. The word and the percentage always travel together."""

from bot.telegram.buttons import Act, Button, go
from bot.telegram.screen import Screen, in_rows, rows
from bot.telegram.views.common import back, fitting, name, refresh
from bot.texts import Html, Say, lines
from crm.model.agents import Agent
from crm.model.answers import ContactCard, IssuePage
from crm.model.blocks import DeliveryIssue
from crm.model.contacts import Contact


def page(page: IssuePage, agent: Agent, say: Say, after: int | None = None) -> Screen:
    """`/bloqueos`, one page."""
    if not page.lines:
        empty = say("blocks-empty") if after is None else say("blocks-no-more")
        return Screen(lines(say("blocks-title"), empty), rows([back(say), refresh("bl")]))
    text = lines(say("blocks-title"), say("blocks-what"), "", *(_line(i, c, agent, say) for i, c in page.lines))
    buttons = [Button(fitting(name(contact, agent), 2), go("c", contact.id)) for _, contact in page.lines]
    first = Button(say.plain("button-first"), go("bl")) if after else None
    more = Button(say.plain("button-more"), go("bl", page.next_after)) if page.next_after else None
    here = refresh("bl", *([after] if after else []))
    return Screen(text, rows(*in_rows(buttons, 2), [first, more], [back(say), here]))


def confirm(card: ContactCard, conversation_id: int, agent: Agent, say: Say) -> Screen:
    """What a reactivation means, before it happens. The button carries the moment it was shown at: it is good for 90 seconds."""
    each = next(c for c in card.conversations if c.conversation.id == conversation_id)
    issue = each.issue
    text = lines(
        say("reactivate-title", contact=name(card.contact, agent), account=each.account.name),
        say("reactivate-belief", level=each.conversation.block_state.value, probability=issue.probability)
        if issue
        else None,
        say("reactivate-evidence", count=len(issue.message_ids), since=say.moment(issue.opened_at)) if issue else None,
        "",
        say("reactivate-means"),
        say("confirm-valid"),
    )
    seen_at = int(say.now.timestamp())
    return Screen(
        text,
        rows(
            [Button(say.plain("button-reactivate-now"), Act("ra", conversation_id, seen_at), "danger")],
            [
                Button(say.plain("button-cancel"), go("c", card.contact.id)),
                Button(say.plain("button-to-blocks"), go("bl")),
            ],
        ),
    )


def reactivated(say: Say) -> Screen:
    return Screen(say("reactivated"), rows([Button(say.plain("button-to-blocks"), go("bl")), back(say)]))


def _line(issue: DeliveryIssue, contact: Contact, agent: Agent, say: Say) -> Html:
    return say(
        "blocks-line",
        level=issue.level.value,
        contact=name(contact, agent, 28),
        probability=issue.probability,
        messages=len(issue.message_ids),
        ago=say.ago(issue.opened_at),
    )
