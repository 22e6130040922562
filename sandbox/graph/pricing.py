"""What Meta says a message costs: the `pricing` object of a status.

Amounts are not here, Meta never sends them; the program multiplies type and category by its own rate card.
Reference: section 1.2 (`pricing`), section 5.2 (free entry point) and section 5.3 (service messages are charged since October 2026).
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from sandbox.graph.errors import Json

SERVICE_IS_CHARGED_FROM = datetime(2026, 10, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Price:
    """How one message is charged."""

    type: str
    category: str

    @property
    def is_free_service(self) -> bool:
        return self.type == "free_customer_service" and self.category == "service"

    def element(self) -> Json:
        return {
            "billable": self.type == "regular",
            "pricing_model": "PMP",
            "type": self.type,
            "category": self.category,
        }


def price(category: str, now: datetime, *, window_open: bool, entry_point_open: bool, free_left: bool) -> Price:
    """Say how a message of this category is charged at this moment.

    `category` is "service" for anything that is not a template, otherwise the template's.
    """
    if entry_point_open:
        return Price("free_entry_point", "referral_conversion")
    charged = now >= SERVICE_IS_CHARGED_FROM
    if category == "service":
        return Price("free_customer_service" if not charged or free_left else "regular", "service")
    if category == "utility" and window_open and not charged:
        return Price("free_customer_service", "utility")
    return Price("regular", category)
