"""`python -m bot` is `centralita`."""

from bot.cli import main

if __name__ == "__main__":
    main()
