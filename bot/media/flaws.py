"""What can be wrong with a file, as the processes that look into files say it. Each code is a key of bot/texts."""


class Flaw(Exception):
    """The file cannot be used; `code` says why."""

    code = "file-unreadable"


class Damaged(Flaw):
    """It is damaged, or not what it should be."""


class TooComplex(Flaw):
    """It would take more pixels, frames, memory or time than we give to one file."""

    code = "file-too-complex"


class TooLong(Flaw):
    """No bearable quality makes it small enough."""

    code = "file-too-long"


class WrongType(Flaw):
    """A kind of file that WhatsApp does not take and that we cannot convert."""

    code = "file-type"
