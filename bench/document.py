"""Where do figures stand in the docs? Two pages hold tables and curves between marks, written here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench import arithmetic, curves, table
from bench.figures import Kept

DOCS = Path(__file__).parent.parent / "docs"
PICTURES = Path("pictures") / "growth"


def write(rows: Sequence[Kept], docs: Path = DOCS) -> None:
    """The page and its pictures as these figures say; pictures of curves that are gone go too."""
    for name, parts in pages(rows).items():
        page = docs / name
        page.write_text(filled(page.read_text(encoding="utf-8"), parts, name), encoding="utf-8")
    (docs / PICTURES).mkdir(parents=True, exist_ok=True)
    wanted = pictures(rows)
    for path in (docs / PICTURES).glob("*.svg"):
        if path.stem not in wanted:
            path.unlink()
    for name, picture in wanted.items():
        (docs / PICTURES / f"{name}.svg").write_text(picture, encoding="utf-8")


def pages(rows: Sequence[Kept]) -> dict[str, dict[str, str]]:
    """What stands between the marks of each page."""
    scaling = {"numbers": arithmetic.numbers(rows), "sites": arithmetic.sites(rows)}
    return {"performance.md": _performance(rows), "scaling.md": scaling}


def _performance(rows: Sequence[Kept]) -> dict[str, str]:
    met = sum(row.figure.ok for row in rows)
    return {
        "summary": f"{met} of {len(rows)} figures meet their goal. {_machines(rows)}",
        "curves": "\n".join(
            f"![{curves.told(row.figure.curve)}]({PICTURES}/{row.figure.name}.svg)"
            for row in rows
            if row.figure.curve is not None
        ),
        "figures": table.markdown(rows),
    }


def filled(text: str, parts: Mapping[str, str], page: str) -> str:
    """The page with what stands between its marks made anew. Raises ValueError where a mark is missing."""
    for name, part in parts.items():
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", re.DOTALL)
        text, count = pattern.subn(lambda found, part=part: f"{found[1]}{part}\n{found[2]}", text)
        if count != 1:
            raise ValueError(f"docs/{page} must hold <!-- {name} --> and <!-- end of {name} --> once")
    return text


def pictures(rows: Sequence[Kept]) -> dict[str, str]:
    """Each curve's picture by its figure's name."""
    return {row.figure.name: curves.svg(row.figure.curve) for row in rows if row.figure.curve is not None}


def _machines(rows: Sequence[Kept]) -> str:
    found = list(dict.fromkeys(row.machine for row in rows if row.machine))
    return "Measured on " + "; or on ".join(found) + "." if found else ""
