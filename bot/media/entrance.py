"""Where the worker begins: it gives way first, and only then loads its code, which is most of what a small file costs.

Whoever answers Meta within milliseconds shares the processor with it, so it takes only what nobody else wants.
"""

import os
from importlib import import_module

NICEST = 19


def main() -> None:
    """Give way, and work."""
    os.nice(NICEST)
    if hasattr(os, "SCHED_IDLE"):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    import_module("bot.media.worker").main()


if __name__ == "__main__":
    main()
