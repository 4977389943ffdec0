"""Django's PostgreSQL, whose lines can be cut when the server hangs: `lines` knows them, `base` is Django's engine.

A server that is gone says so, and the request ends at once. One that hangs, or a network that swallows everything,
says nothing: the request waits for ever, and its thread with it, which the redirect and kept pages need as well.
"""
