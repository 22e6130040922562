"""What phones hand over: slices are claimed once, words of address books kept by key and phone, counts taken from what there is."""

from datetime import timedelta

from crm.model.imports import BookName, Haul, Import, Slice
from storage.database import Database
from tests.builders import NOW, a_contact, a_conversation, a_media, a_message, an_account, save

MINUTE = timedelta(minutes=1)


def a_slice(number: int, phase: int = 0, account: int = 1) -> Slice:
    return Slice(number, account, 77, phase, 3, f'{{"messages":[{number}]}}', NOW)


async def test_slices_are_claimed_from_the_newest_days_on_and_dropped_by_who_holds_them(database: Database) -> None:
    async with database.begin() as uow:
        await uow.imports.add_slices([a_slice(1, phase=2), a_slice(2), a_slice(3)])
        assert await uow.imports.next_due_at() == NOW
    async with database.begin() as uow:
        claimed = await uow.imports.claim(NOW, NOW + MINUTE, 2)
        assert [(each.id, each.attempts, each.content) for each in claimed] == [
            (2, 1, '{"messages":[2]}'),
            (3, 1, '{"messages":[3]}'),
        ]
        assert [each.id for each in await uow.imports.claim(NOW, NOW + MINUTE, 9)] == [1]
        assert await uow.imports.claim(NOW, NOW + MINUTE, 9) == []
    async with database.begin() as uow:
        (again,) = await uow.imports.claim(NOW + MINUTE, NOW + 2 * MINUTE, 1)
        assert (again.id, again.attempts) == (2, 2)
        assert not await uow.imports.drop(2, 1), "somebody else has it by now"
        assert await uow.imports.drop(2, 2)
        assert not await uow.imports.drop(2, 2)
        await uow.imports.postpone(3, NOW + 9 * MINUTE)
        assert await uow.imports.waiting(1) == 6


async def test_an_applied_slice_does_not_come_in_again_and_one_given_up_does(database: Database) -> None:
    async with database.begin() as uow:
        await uow.imports.add_slices([a_slice(1), a_slice(2), a_slice(1)])
        await uow.imports.claim(NOW, NOW + MINUTE, 9)
        assert await uow.imports.done(1, 1)
        assert not await uow.imports.done(1, 1)
        assert await uow.imports.drop(2, 1)
    async with database.begin() as uow:
        await uow.imports.add_slices([a_slice(1), a_slice(2)])
        assert await uow.imports.waiting(1) == 3
        assert [each.id for each in await uow.imports.claim(NOW + MINUTE, NOW + 2 * MINUTE, 9)] == [2]
        assert await uow.imports.next_due_at() == NOW + 2 * MINUTE
        assert await uow.imports.prune(NOW) == 0
        assert await uow.imports.prune(NOW + MINUTE) == 1, "the one in hand stays"
        await uow.imports.add_slices([a_slice(1)])
        assert await uow.imports.waiting(1) == 6


async def test_an_import_is_read_back_as_it_was_written(database: Database) -> None:
    known = Import(5, NOW, NOW + MINUTE, NOW + 2 * MINUTE, 1, 55, NOW, 7, NOW + 3 * MINUTE, NOW + 4 * MINUTE)
    async with database.begin() as uow:
        await uow.imports.save([Import(5), Import(6)])
        await uow.imports.save([known])
        assert await uow.imports.of([5, 6, 9]) == {5: known, 6: Import(6)}
        assert await uow.imports.next_told_at(NOW) == NOW + 3 * MINUTE
        assert await uow.imports.next_told_at(NOW + 3 * MINUTE) is None


async def test_words_of_address_books_are_kept_by_key_and_phone(database: Database) -> None:
    words = [BookName("w:1", 1, "Leo", NOW), BookName("w:1", 2, None, NOW), BookName("w:2", 1, "Mía", NOW)]
    async with database.begin() as uow:
        await uow.imports.save_names(words)
        await uow.imports.save_names([BookName("w:2", 1, "Mía B.", NOW + MINUTE)])
        assert await uow.imports.names(["w:1"]) == words[:2]
        assert await uow.imports.names(["w:2", "w:9"]) == [BookName("w:2", 1, "Mía B.", NOW + MINUTE)]


async def test_only_what_was_imported_is_counted(database: Database) -> None:
    account, contact = an_account(), a_contact()
    talk = a_conversation(contact=contact, account=account)
    old = [a_message(of=talk, imported=True) for _ in range(3)]
    async with database.begin() as uow:
        await save(uow, account, contact, talk, *old, a_message(of=talk))
        await save(uow, a_media(message_id=old[0].id))
        haul = await uow.imports.haul(account.id)
    assert (haul.messages, haul.conversations, haul.waiting) == (3, 1, 0)
    assert (haul.files, haul.awaited) == (1, 0)
    async with database.read() as uow:
        assert await uow.imports.haul(account.id + 1) == Haul(0, 0, 0, 0, 0)


async def test_quick_texts_are_known_by_account_and_forgotten(database: Database) -> None:
    async with database.begin() as uow:
        await uow.echoes.save({(1, "a", 10), (1, "a", 11), (1, "b", 10), (2, "a", 10)}, NOW)
        await uow.echoes.save({(1, "a", 10)}, NOW + MINUTE)
        assert await uow.echoes.quick([1], ["a"]) == {(1, "a", 10), (1, "a", 11)}
        assert await uow.echoes.quick([1, 2], ["b", "c"]) == {(1, "b", 10)}
        assert await uow.echoes.prune(NOW + MINUTE) == 4
