"""A stand-in for Meta's WhatsApp Graph API and the customers' phones behind it.

`Graph` is all that tests, the demo and the page need; the rest are the values it hands out or takes.
"""

from sandbox.graph.delivery import WebhookRecord
from sandbox.graph.errors import GraphError
from sandbox.graph.faults import Fault
from sandbox.graph.graph import Graph
from sandbox.graph.people import Person
from sandbox.graph.phone_numbers import Number
from sandbox.graph.screens import ChatLine, Shown
from sandbox.graph.state import Habits
from sandbox.graph.templates import Template
from sandbox.graph.world import Exchange, Refusal, Sent

__all__ = [
    "ChatLine",
    "Exchange",
    "Fault",
    "Graph",
    "GraphError",
    "Habits",
    "Number",
    "Person",
    "Refusal",
    "Sent",
    "Shown",
    "Template",
    "WebhookRecord",
]
