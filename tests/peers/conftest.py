"""A desk on each database."""

import pytest

from storage.database import Database
from tests.integration.engine.desk import Desk, open_desk


@pytest.fixture
async def desk(database: Database) -> Desk:
    return await open_desk(database)
