"""What acts by itself is in no backup; that every table has its place is a document's business (test_docs)."""

from crm.model.backups import Scope
from storage.coverage import covered


def test_nothing_that_would_be_done_again_is_ever_in_a_backup() -> None:
    kept = {each.table.name for each in covered(Scope.EVERYTHING)}
    assert not kept & {"notices", "job_runs", "tg_updates", "dialogs", "confirmations", "invites", "token_forms"}
    assert not {each.table.name for each in covered(Scope.CONFIGURATION)} & {"messages", "contacts", "outbox", "notes"}
