"""The use cases: each is one question or one command, one transaction, one reading of the clock. They never call each other."""
