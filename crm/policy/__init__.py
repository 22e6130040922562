"""The rules, as plain functions: facts and the present moment in, a decision out. No waiting, no clock, no chance, no I/O."""
