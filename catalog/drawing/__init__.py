"""What does a product look like, drawn by ourselves? An SVG silhouette from its type, form and colour.

Pictures of merchants and makers are not copied, so every product is drawn: its shape follows from its specs, its
colour from its record. Only presentation attributes are used, because the site's policy refuses inline styles; the
main colour is `currentColor`, so that one shape can be placed many times on a page in many colours.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

from catalog.drawing import worn_in_the_ear, worn_on_the_head
from catalog.drawing.looks import Looks, Shape, shape_of

__all__ = ["HEIGHT", "WIDTH", "Looks", "Shape", "backdrop", "parts", "picture", "shape_of", "sprite"]

WIDTH, HEIGHT = 400, 300
_HEX = 16

_SHAPES = {
    Shape.OVER_EAR: worn_on_the_head.over_ear,
    Shape.OPEN_BACK: worn_on_the_head.open_back,
    Shape.ON_EAR: worn_on_the_head.on_ear,
    Shape.IN_EAR: worn_in_the_ear.in_ear,
    Shape.WIRED_BUDS: worn_in_the_ear.wired_buds,
    Shape.EARBUD: worn_in_the_ear.earbud,
    Shape.OPEN_EAR: worn_in_the_ear.open_ear,
    Shape.GAMING: worn_on_the_head.gaming,
    Shape.BUSINESS: worn_on_the_head.business,
    Shape.CALL_CENTRE: worn_on_the_head.call_centre,
    Shape.AVIATION: worn_on_the_head.aviation,
    Shape.EARPIECE: worn_in_the_ear.earpiece,
    Shape.PAIR: worn_on_the_head.pair,
}


def parts(shape: Shape) -> str:
    """The shape's SVG elements on a canvas of 400 by 300, for a `<symbol>` or a picture of its own."""
    return _SHAPES[shape]()


def backdrop(colour: str) -> str:
    """A quiet ground on which this colour is seen: pale for dark products, a mid grey-blue for pale ones."""
    red, green, blue = (int(colour[at : at + 2], _HEX) for at in (1, 3, 5))
    brightness = 0.299 * red + 0.587 * green + 0.114 * blue
    base, share = ((243, 239, 230), 0.14) if brightness < 170 else ((118, 132, 142), 0.18)
    mixed = (round(part * share + ground * (1 - share)) for part, ground in zip((red, green, blue), base, strict=True))
    return "#" + "".join(f"{value:02x}" for value in mixed)


def picture(shape: Shape, colour: str, title: str) -> str:
    """The whole drawing as an SVG document; `colour` is #rrggbb."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
        f' color="{colour}" role="img"><title>{escape(title)}</title>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{backdrop(colour)}"/>{parts(shape)}</svg>'
    )


def sprite() -> str:
    """All shapes as symbols of one SVG document, each named after its shape: pages place them by `<use>`."""
    symbols = "".join(
        f'<symbol id="{shape.value}" viewBox="0 0 {WIDTH} {HEIGHT}">{parts(shape)}</symbol>' for shape in Shape
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>'
