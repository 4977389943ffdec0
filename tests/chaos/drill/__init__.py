"""A whole site of its own under load, troubles that befall its parts, and what has to be true after each of them.

`python -m tests.chaos` plays it; `docs/chaos.md` says what each scenario proves.
"""
