"""Decides: what may leave, when, in which form, and what a fact means.

Knows no framework, protocol or database; everything it needs from outside comes in through `crm.ports`.
It leaves remembering to `storage` and talking to `bot`.
"""
