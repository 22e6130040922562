"""`python -m sandbox.hosting`: the real program as a child of the sandbox. Only the sandbox starts it; its settings are its environment."""

import sys

from sandbox.hosting.child import main

if __name__ == "__main__":
    sys.exit(main())
