"""Talks: with customers over WhatsApp, with agents over Telegram, and with the operator around both.

`bot.app` wires the whole program by hand. The two conversations do not know each other, and nobody but the wiring
knows the database.
"""
