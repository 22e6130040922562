"""The sandbox in a browser: one loopback page on the world, and the small server behind it.

The server shows what a phone, a Telegram client and the wire show, passes acts on, and keeps the journal. It decides nothing.
"""
