"""Messages approved by Meta: the only form allowed outside the window.

A template is Meta's; ours is a copy, learnt from two sides. The list that the job fetches tells everything as of one moment, a webhook
tells one thing with Meta's own time. So each aspect (status, category, quality, components) carries the time up to which it is known, and
the newer word wins, whichever way it came.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crm.model.contents import Location
from crm.model.costs import Category
from crm.model.media import MediaKind

APPROVED = "APPROVED"


class HeaderKind(StrEnum):
    """What stands above the body. `other` is a kind that this version cannot fill."""

    TEXT = "text"
    IMAGE = "image"
    VIDEO = "video"
    DOCUMENT = "document"
    LOCATION = "location"
    OTHER = "other"

    @property
    def is_file(self) -> bool:
        return self in (HeaderKind.IMAGE, HeaderKind.VIDEO, HeaderKind.DOCUMENT)


class ButtonKind(StrEnum):
    """What a tap does. `otp` copies or fills in the code of an authentication template; `other` needs nothing from us, as far as
    this version knows."""

    QUICK_REPLY = "quick_reply"
    URL = "url"
    PHONE_NUMBER = "phone_number"
    COPY_CODE = "copy_code"
    FLOW = "flow"
    REQUEST_CONTACT_INFO = "request_contact_info"
    OTP = "otp"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Header:
    """`text` may hold one variable; the other kinds have none."""

    kind: HeaderKind
    text: str = ""


@dataclass(frozen=True, slots=True)
class TemplateButton:
    """A button under the message. `target` is its address, phone or code; an address may end in a variable."""

    kind: ButtonKind
    text: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Components:
    """What a template says. `named`: variables have names instead of numbers. `unfit` names a component that cannot be filled from
    here (a carousel, a catalogue), so that the template is kept and shown, but not offered."""

    body: str
    header: Header | None = None
    footer: str = ""
    buttons: tuple[TemplateButton, ...] = ()
    named: bool = False
    unfit: str | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """One template in one language. `language` is written with an underscore; `status` and `quality` are Meta's words.

    `components` is None while only its name was heard of. `reason` says why it was paused or rejected, `paused_until` when Meta means to
    end a pause. `next_category` is what Meta announced, to hold from `next_category_at`. `refusal` is Meta's code for a send of ours
    that did not fit it; it stands until the template is fetched again, which `stale` asks for, and a day where Meta bars the template.
    A template that Meta deleted stays for the messages that were made from it.
    """

    id: int
    waba_id: str
    name: str
    language: str
    category: str
    status: str
    components: Components | None
    updated_at: datetime
    meta_id: str | None = None
    quality: str = ""
    reason: str | None = None
    paused_until: datetime | None = None
    previous_category: str | None = None
    next_category: str | None = None
    next_category_at: datetime | None = None
    status_at: datetime | None = None
    category_at: datetime | None = None
    quality_at: datetime | None = None
    components_at: datetime | None = None
    refusal: int | None = None
    refusal_at: datetime | None = None
    stale: bool = False
    deleted: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        return self.waba_id, self.name, self.language

    @property
    def usable(self) -> bool:
        """May Meta be asked to send it?"""
        known = self.components is not None and self.components.unfit is None
        return known and self.status == APPROVED and self.refusal is None and not self.deleted

    @property
    def body(self) -> str:
        return self.components.body if self.components is not None else ""

    def category_at_time(self, now: datetime) -> str:
        """The category in force then."""
        announced = self.next_category_at is not None and self.next_category_at <= now
        return self.next_category if announced and self.next_category else self.category

    def priced_as(self, now: datetime) -> Category:
        """What Meta charges it as then. A category that we do not know costs like the dearest."""
        word = self.category_at_time(now).lower().partition("_")[0]
        return Category(word) if word in {each.value for each in Category} else Category.MARKETING

    def is_marketing(self, now: datetime) -> bool:
        return self.category_at_time(now).lower().startswith(Category.MARKETING.value)

    def is_utility(self, now: datetime) -> bool:
        return self.category_at_time(now).lower().startswith(Category.UTILITY.value)


@dataclass(frozen=True, slots=True)
class TemplateFacts:
    """A template as the list of its business account tells it. `next_category` is what Meta means to make of its category."""

    name: str
    language: str
    category: str
    status: str
    components: Components
    meta_id: str | None = None
    quality: str = ""
    reason: str | None = None
    previous_category: str | None = None
    next_category: str | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What the person will see. `media` is the kind of the file above it, `place` the point on the map."""

    body: str
    header: str | None = None
    media: MediaKind | None = None
    place: Location | None = None
    footer: str = ""
    buttons: tuple[TemplateButton, ...] = ()

    @property
    def text(self) -> str:
        """The words alone, as they are kept with the message."""
        return "\n".join(part for part in (self.header, self.body, self.footer) if part)
