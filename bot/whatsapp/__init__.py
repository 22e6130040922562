"""The conversation with Meta: what it posts to us, what we post to it, and its administration of tokens and templates.

Nothing here decides anything. Every module turns one side's words into the other's: `signature` and `webhook` let
webhooks in, `wire`, `readable` and `translate` turn them into events, `compose`, `graph` and `errors` turn a parcel
into an answer or a SendFailed.
"""
