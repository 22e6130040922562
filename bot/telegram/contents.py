"""What agents send to the bot that is neither words nor a file: a place, a person's card."""

import phonenumbers
from telegram import Contact, Message

from crm.model.contents import Content, Location, SharedContact, SharedContacts


def of(message: Message) -> Content | None:
    """The content that a message carries, if it carries one that can leave."""
    if message.venue is not None:
        place = message.venue.location
        return Location(place.latitude, place.longitude, message.venue.title, message.venue.address)
    if message.location is not None:
        return Location(message.location.latitude, message.location.longitude)
    if message.contact is not None:
        return SharedContacts((_person(message.contact),))
    return None


def _person(contact: Contact) -> SharedContact:
    named = " ".join(part for part in (contact.first_name, contact.last_name) if part)
    phone = _with_plus(contact.phone_number)
    return SharedContact(named or phone, (phone,))


def _with_plus(phone: str) -> str:
    """Telegram often leaves out the plus of a whole number; a number of some town stays as it is."""
    if phone.startswith("+"):
        return phone
    try:
        whole = phonenumbers.is_valid_number(phonenumbers.parse(f"+{phone}"))
    except phonenumbers.NumberParseException:
        whole = False
    return f"+{phone}" if whole else phone
