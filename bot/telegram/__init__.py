"""The conversation with agents: Telegram updates in, use cases called, screens and pushes out.

`application.Telegram` is the door: built by `bot.app`, given an engine, started and stopped. Nothing here knows the
database or WhatsApp; what must survive a restart is kept through `engine.desk`.
"""
