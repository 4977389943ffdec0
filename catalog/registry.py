"""Which plug-ins does a folder have? One line each: the name of the file, which is also the plug-in's key.

The tables in `sources/__init__.py`, `networks/__init__.py` and `reviews/blocks/__init__.py` are made here, so that
adding a plug-in really is one file and one line, and file, key and template can never have different names.
"""

from __future__ import annotations

import importlib
import inspect
from typing import TypeVar

PlugIn = TypeVar("PlugIn")


class RegistryError(Exception):
    """A line names a plug-in that is not there or not right. The message says which file to look at."""


def plug_ins(package: str, base: type[PlugIn], *names: str) -> dict[str, PlugIn]:
    """The plug-ins named, in this order, by key. Raises `RegistryError`."""
    if len(set(names)) != len(names):
        raise RegistryError(f"{package}: a name stands twice in {names}.")
    return {name: _plug_in(package, base, name) for name in names}


def _plug_in(package: str, base: type[PlugIn], name: str) -> PlugIn:
    where = f"{package}.{name}"
    try:
        module = importlib.import_module(where)
    except ModuleNotFoundError as error:
        if error.name != where:
            raise
        raise RegistryError(f"{package} lists “{name}”, but there is no file {name}.py beside it.") from None
    found = [
        value
        for value in vars(module).values()
        if inspect.isclass(value)
        and issubclass(value, base)
        and not inspect.isabstract(value)
        and value.__module__.startswith(where)
    ]
    if len(found) != 1:
        raise RegistryError(f"{where} must define exactly one {base.__name__}; it defines {len(found)}.")
    key = getattr(found[0], "key", None)
    if key != name:
        raise RegistryError(f"{where}: the {base.__name__}'s key is {key!r}; it must be the file's name, {name!r}.")
    return found[0]()
