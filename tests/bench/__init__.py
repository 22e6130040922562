"""Measurements, not tests: `make bench` runs them and writes `build/bench.json` (keys: docs/testing.md).

The program runs in a process of its own on one core; whatever it talks to (the load, the simulated Graph, PostgreSQL) runs on the
other. A ceiling is measured in the same round as what is compared with it, so a slow machine slows both.
"""
