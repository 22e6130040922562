"""Pretends: a simulated WhatsApp and Telegram, a time machine and a page around the very same `bot.app`.

Behaves like the real platforms, so that a demo and an end-to-end test go through production code; only tests import it.
"""
