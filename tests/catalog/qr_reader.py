"""Reads the text of an undamaged QR code from its modules: the reading half of ISO/IEC 18004, without correction.

Written for tests, so that what a code says is not asked of the library that drew it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

_MASKS: tuple[Callable[[int, int], int], ...] = (
    lambda y, x: (y + x) % 2,
    lambda y, x: y % 2,
    lambda y, x: x % 3,
    lambda y, x: (y + x) % 3,
    lambda y, x: (y // 2 + x // 3) % 2,
    lambda y, x: y * x % 2 + y * x % 3,
    lambda y, x: (y * x % 2 + y * x % 3) % 2,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2,
)
# Level M: data codewords of each block, by version (table 9 of the standard).
_BLOCKS: dict[int, list[int]] = {
    2: [28],
    3: [44],
    4: [32, 32],
    5: [43, 43],
    6: [27, 27, 27, 27],
    7: [31, 31, 31, 31],
    8: [38, 38, 39, 39],
}
_ALIGNED: dict[int, list[int]] = {
    2: [6, 18],
    3: [6, 22],
    4: [6, 26],
    5: [6, 30],
    6: [6, 34],
    7: [6, 22, 38],
    8: [6, 24, 42],
}
_LEVEL_M = 0b00


def read_modules(modules: Sequence[Sequence[bool]]) -> str:
    """The text of the symbol (True is dark) without its quiet zone."""
    size = len(modules)
    version = (size - 17) // 4
    bits = "".join(str(int(modules[8][x])) for x in (0, 1, 2, 3, 4, 5, 7, 8))
    form = int(bits, 2) << 7 | 0
    level, mask = (form >> 13 ^ 0b10), (form >> 10 & 0b111) ^ 0b101  # what the standard XORs onto them
    assert level == _LEVEL_M, "written for level M"
    stream = [
        int(modules[y][x]) ^ (_MASKS[mask](y, x) == 0) for y, x in _path(size) if not _is_function(y, x, size, version)
    ]
    words = [int("".join(map(str, stream[at : at + 8])), 2) for at in range(0, len(stream) - 7, 8)]
    data = "".join(f"{word:08b}" for word in _in_order(words, _BLOCKS[version]))
    assert data[:4] == "0100", "written for bytes"
    length = int(data[4:12], 2)
    return bytes(int(data[12 + 8 * at : 20 + 8 * at], 2) for at in range(length)).decode()


def _path(size: int) -> Iterator[tuple[int, int]]:
    """Two columns at a time, up and down in turn, from the right; the timing column is left out."""
    upward = True
    for right in [*range(size - 1, 6, -2), *range(5, 0, -2)]:
        for y in range(size - 1, -1, -1) if upward else range(size):
            yield y, right
            yield y, right - 1
        upward = not upward


def _is_function(y: int, x: int, size: int, version: int) -> bool:
    if 6 in (y, x):
        return True
    if (y < 9 and x < 9) or (y < 9 and x >= size - 8) or (y >= size - 8 and x < 9):
        return True
    if version >= 7 and ((y < 6 and x >= size - 11) or (x < 6 and y >= size - 11)):
        return True
    centres = _ALIGNED[version]
    last = centres[-1]
    corners = {(6, 6), (6, last), (last, 6)}
    return any(abs(y - cy) <= 2 and abs(x - cx) <= 2 for cy in centres for cx in centres if (cy, cx) not in corners)


def _in_order(words: list[int], blocks: list[int]) -> list[int]:
    """The data codewords of each block after the other; they are stored in turn."""
    found: list[list[int]] = [[] for _ in blocks]
    rest = iter(words)
    for place in range(max(blocks)):
        for block, length in zip(found, blocks, strict=True):
            if place < length:
                block.append(next(rest))
    return [word for block in found for word in block]
