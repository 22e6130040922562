"""Who the people of one batch are: contacts found, made, named anew, or found to be one.

This is settled for the whole batch before anything else is loaded, so that whatever follows deals with people and not with names. One
statement asks for all names; more is read only where somebody is partly known. The rules are `crm.policy.identities`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from crm.errors import Conflict
from crm.model.contacts import Identity, IdentityKind, Person
from crm.model.merges import MergeWhy
from crm.policy import identities
from crm.policy.identities import Naming
from crm.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class Sighting:
    """A webhook to a number of this portfolio names a person at `at`, Meta's time; with `became`, it tells their new names."""

    person: Person
    portfolio: str
    at: datetime
    became: Person | None = None


class People:
    """Names and whose they are. `portfolios` leads from a business account to its portfolio, where Meta has told us that."""

    def __init__(self, uow: UnitOfWork, portfolios: Mapping[str, str]) -> None:
        self._uow = uow
        self._portfolios = portfolios
        self._other_names = {portfolio: waba for waba, portfolio in portfolios.items()}
        self._rows: dict[str, dict[int, Identity]] = defaultdict(dict)
        self._keys_of: dict[int, set[str]] = defaultdict(set)
        self._whole: set[int] = set()
        self._is: dict[int, int] = {}
        self._added: set[tuple[str, int]] = set()
        self._to_be_named: set[str] = set()
        self._rewritten: set[int] = set()
        self._taken: set[Identity] = set()
        self.new: set[int] = set()
        self.named: set[int] = set()
        """Contacts whose phone or id may be another than before."""
        self.same: list[tuple[int, int, MergeWhy]] = []
        """Stored contacts that turn out to be one: who stays, who goes, and what says so; in this order."""

    @property
    def known(self) -> set[int]:
        """The stored contacts that the batch speaks of, once those that are one are one."""
        return {self._now(number) for number in self._keys_of} - self.new

    async def meet(self, sightings: Collection[Sighting], booked: Collection[tuple[Person, str]] = ()) -> None:
        """Settle who everybody is. Whoever only stands in an address book (`booked`, with the portfolio) is found, but not made."""
        asked = {key for person, portfolio in booked for key in identities.keys(person, portfolio)}
        keys = {key for each in sightings for key in self._keys(each)} | asked
        if not keys:
            return
        self._take(await self._uow.contacts.known(keys))
        self._to_be_named = asked | {key for key in keys if key not in self._rows}
        unclear = {number for each in sightings for number in self._unclear(each)}
        unclear |= {number for key in asked for number in self._rows.get(key, ())}
        while unclear:
            self._whole |= unclear
            self._take(await self._uow.contacts.identities(unclear))
            unclear = self._rivals() - self._whole
        for each in sightings:
            self._see(each)

    def of(self, person: Person, portfolio: str, at: datetime) -> int:
        """The contact of a person that was met."""
        found = self._owner(identities.namings(person, portfolio), at)
        if found is None:
            raise LookupError("a person who was not met")
        return found

    def find(self, person: Person, portfolio: str, at: datetime) -> int | None:
        """The contact of a person who may be none."""
        return self._owner(self._names(person, portfolio), at)

    def keys_of(self, contact_id: int) -> Collection[str]:
        """What the contact is or was called by, as far as this batch knows: all of it, where it learnt something."""
        return self._keys_of.get(contact_id, ())

    def to_be_named(self) -> set[str]:
        """The names under which an address book may know somebody who is new, has a new name, or was just written into it."""
        about = {number for key in self._to_be_named for number in self._rows.get(key, ())}
        return self._to_be_named | {key for number in about for key in self._keys_of[number]}

    async def keep(self) -> None:
        """Write what was learnt; the contacts are held by now. Raises Conflict where somebody else has learnt something meanwhile."""
        rewritten = {self._now(number) for number in self._rewritten} - self.new
        rows = [
            row
            for by_contact in self._rows.values()
            for number, row in by_contact.items()
            if number in rewritten or (row.key, number) in self._added
        ]
        if rewritten and not self._taken.issuperset(
            row for row in await self._uow.contacts.identities(rewritten) if row.contact_id in rewritten
        ):  # names are read before their contacts are held: nothing that was learnt in between may be written over
            raise Conflict("contact-changed")
        if rows or rewritten:
            await self._uow.contacts.identify(rows, rewritten)

    def called(self, contact_id: int) -> tuple[str | None, str | None, str | None]:
        """Phone, business-scoped id and username of a contact that is `named` or new."""
        return identities.called(self._of(contact_id))

    # --- what is known

    def _take(self, rows: Iterable[Identity]) -> None:
        for row in rows:
            self._taken.add(row)
            if row.contact_id not in self._rows[row.key]:
                self._put(row)

    def _put(self, row: Identity) -> None:
        self._rows[row.key][row.contact_id] = row
        self._keys_of[row.contact_id].add(row.key)

    def _of(self, contact_id: int) -> list[Identity]:
        return [self._rows[key][contact_id] for key in self._keys_of[contact_id]]

    def _now(self, contact_id: int) -> int:
        while contact_id in self._is:
            contact_id = self._is[contact_id]
        return contact_id

    def _keys(self, sighting: Sighting) -> list[str]:
        names = self._names(sighting.person, sighting.portfolio)
        if sighting.became is not None:
            names += self._names(sighting.became, sighting.portfolio)
        return [each.key for each in names]

    def _names(self, person: Person, portfolio: str) -> list[Naming]:
        """The names, and the id once more as we knew it before Meta told us the portfolio."""
        names = identities.namings(person, portfolio)
        before = self._other_names.get(portfolio)
        if before is not None and person.bsuid:
            names.append(Naming(identities.scoped_key(before, person.bsuid), IdentityKind.BSUID, person.bsuid, before))
        return names

    def _unclear(self, sighting: Sighting) -> set[int]:
        """Those of whom everything must be known before this sighting can be believed: nobody, if it says nothing new."""
        names = identities.namings(sighting.person, sighting.portfolio)
        owner = next(iter(self._rows.get(names[0].key, ())), None)
        if sighting.became is None and owner is not None:
            said = [self._rows.get(each.key, {}) for each in names]
            if all(
                owner in rows and (len(rows) == 1 or rows[owner].kind is IdentityKind.USERNAME) for rows in said
            ) and not any(self._tells(rows[owner], each, sighting.at) for rows, each in zip(said, names, strict=True)):
                return set()
        return {number for key in self._keys(sighting) for number in self._rows.get(key, ())}

    def _tells(self, row: Identity, naming: Naming, at: datetime) -> bool:
        return identities.seen_again(row, naming.value, at) is not row

    def _rivals(self) -> set[int]:
        """Whoever shares a name with somebody of whom everything is known."""
        return {
            number
            for known in self._whole
            for key in self._keys_of[known]
            for number, row in self._rows[key].items()
            if row.kind is not IdentityKind.USERNAME
        }

    # --- what a sighting says

    def _see(self, sighting: Sighting) -> None:
        leaves = sighting.became is not None
        contact = self._meet_one(sighting.person, sighting.portfolio, sighting.at, leaves=leaves)
        if sighting.became is not None:
            self._renamed(contact, sighting, sighting.became)

    def _meet_one(self, person: Person, portfolio: str, at: datetime, *, leaves: bool) -> int:
        names = self._names(person, portfolio)
        found = self._owner(names, at)
        if found is None:
            found = self._uow.ids.next()
            self.new.add(found)
        for each in names:  # an id that two contacts have, or a phone beside an id: one person, by Meta's own word
            other = self._plain_owner(each, at, names)
            if (
                other is not None
                and other != found
                and not identities.differ(self._of(found), self._of(other), self._portfolios)
            ):
                found = self._join(found, other, MergeWhy.IDS)
        self._learn(found, identities.namings(person, portfolio), at, leaves=leaves)
        return found

    def _owner(self, names: list[Naming], at: datetime) -> int | None:
        """Whom these names mean: by an id that somebody has; else by the phone, unless its owner has another id."""
        for each in names:
            owner = self._plain_owner(each, at, names)
            if owner is not None:
                return owner
        return None

    def _plain_owner(self, naming: Naming, at: datetime, names: list[Naming]) -> int | None:
        if naming.kind is IdentityKind.USERNAME:
            return None
        row = identities.holder(self._rows.get(naming.key, {}).values(), at)
        if row is None or naming.kind is IdentityKind.BSUID:
            return None if row is None else row.contact_id
        others = [each for each in names if each.kind is IdentityKind.BSUID]
        if not others:
            return row.contact_id
        left = row.kind is IdentityKind.WA_ID and row.given_up and row.until is not None and at > row.until
        known = any(row.contact_id in self._rows.get(each.key, {}) for each in others)
        if not known and (left or identities.differ(self._of(row.contact_id), others, self._portfolios)):
            return None
        return row.contact_id

    def _renamed(self, contact: int, sighting: Sighting, became: Person) -> None:
        """Meta says that who was called this is called that: one person, whatever their ids say."""
        portfolio, at = sighting.portfolio, sighting.at
        names = identities.namings(became, portfolio)
        for each in names:
            other = self._plain_owner(each, at, names)
            if other is None or other == contact:
                continue
            certain = each.kind is not IdentityKind.WA_ID
            if certain or not identities.differ(self._of(contact), self._of(other), self._portfolios):
                contact = self._join(contact, other, MergeWhy.RENAMED)
        self._learn(contact, names, at, leaves=False)
        kept = {each.key for each in names}
        ids_change = became.bsuid is not None and became.bsuid != sighting.person.bsuid
        for row in self._of(contact):
            mine = row.kind is IdentityKind.WA_ID or (row.portfolio == portfolio and ids_change)
            if mine and row.key not in kept and row.seen <= at:
                self._change(identities.given_up(row, at))

    def _learn(self, contact: int, names: list[Naming], at: datetime, *, leaves: bool) -> None:
        """Note the names. Of one whom Meta tells to be leaving them, they are known, but not seen in use."""
        ends = [
            row.until
            for each in names
            if each.kind is IdentityKind.BSUID
            and (row := self._rows.get(each.key, {}).get(contact)) is not None
            and row.until is not None
            and at <= row.until
        ]
        for each in names:
            before = self._rows.get(each.key, {}).get(contact)
            if before is None:
                after = identities.sighted(each, contact, at, in_use=not leaves)
                self._added.add((each.key, contact))
                self._put(after)
                self._named(contact, each.key)
            else:
                after = identities.seen_again(before, each.value, at, in_use=not leaves)
            if ends and each.kind is IdentityKind.WA_ID:  # a phone goes with the id it was seen with
                after = identities.given_up(after, min(ends))
            if after is not before:
                self._change(after)

    def _change(self, row: Identity) -> None:
        if self._rows[row.key].get(row.contact_id) == row:
            return
        self._put(row)
        if (row.key, row.contact_id) not in self._added:
            self._rewritten.add(row.contact_id)
        self._named(row.contact_id, row.key)

    def _named(self, contact: int, key: str) -> None:
        """See who holds the name now; a contact's usernames follow each other."""
        self.named.add(contact)
        rows = self._rows[key]
        holds = identities.held_now(rows.values())
        for number, row in list(rows.items()):
            if row.held is not (number == holds):
                self._set(identities.with_held(row, number == holds))
                self.named.add(number)
        for nick in identities.nicks(self._of(contact)):
            if self._rows[nick.key][contact] != nick:
                self._set(nick)

    def _set(self, row: Identity) -> None:
        self._rows[row.key][row.contact_id] = row
        if (row.key, row.contact_id) not in self._added:
            self._rewritten.add(row.contact_id)

    def _join(self, one: int, other: int, why: MergeWhy) -> int:
        """Make one contact of two. Who is stored stays; of two, who has been known for longer."""
        stays, goes = sorted((one, other), key=self._rank)
        if stays not in self.new and goes not in self.new:
            self.same.append((stays, goes, why))
        for key in self._keys_of.pop(goes):
            row = self._rows[key].pop(goes)
            self._added.discard((key, goes))
            mine = self._rows[key].get(stays)
            moved = identities.moved(row, stays) if mine is None else identities.together(mine, row)
            if mine is None:
                self._added.add((key, stays))
            self._put(moved)
            if mine is not None and (key, stays) not in self._added:
                self._rewritten.add(stays)
        for key in self._keys_of[stays]:
            self._named(stays, key)
        self._rewritten.add(stays)
        self._is[goes] = stays
        self.new.discard(goes)
        self.named.discard(goes)
        self._rewritten.discard(goes)
        return stays

    def _rank(self, number: int) -> tuple[bool, datetime, int]:
        return number in self.new, min(row.since for row in self._of(number)), number
