"""SVG written by hand: escaped text, attributes, and a figure with its name for screen readers."""

from __future__ import annotations

from html import escape

from hearback.report_back.payloads import ShapesPage

DECORATION = 'aria-hidden="true" focusable="false"'
"""For a drawing that says nothing its neighbouring words do not say."""


class Svg(str):
    """Markup in which everything from outside is escaped, so that a template may print it as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


def attributes(**values: str | int | float) -> str:
    """` name="value"` for each value that is not empty; `class_` and `aria_label` are written as SVG spells them."""
    named = ((name.rstrip("_").replace("_", "-"), value) for name, value in values.items() if value != "")
    return "".join(f' {name}="{escape(str(value))}"' for name, value in named)


def figure(shapes: ShapesPage, *body: str, name: str, title: str, description: str, interactive: bool) -> Svg:
    """An `<svg>` as large as the map, with a title and a description; `name` keeps its ids apart on the page.

    A drawing without links is one image (`role="img"`): a screen reader says title and description and moves on.
    A drawing with links is a group, because an image may not contain anything that takes the focus. Should the style
    sheet not arrive, grey outlines remain.
    """
    opening = attributes(
        class_="map",
        viewBox=f"0 0 {shapes.width} {shapes.height}",
        fill="none",
        stroke="gray",
        role="group" if interactive else "img",
        aria_labelledby=f"{name}-title",
        aria_describedby=f"{name}-description" if description else "",
    )
    labels = label("title", f"{name}-title", title) + label("desc", f"{name}-description", description)
    return Svg(f"<svg{opening}>{labels}{''.join(body)}</svg>")


def text_element(tag: str, text: str) -> str:
    """`<tag>text</tag>`, escaped."""
    return f"<{tag}>{escape(text)}</{tag}>"


def label(tag: str, identity: str, text: str) -> str:
    """A drawing's title or description, with the id by which the drawing refers to it; nothing without a text."""
    return f'<{tag} id="{escape(identity)}">{escape(text)}</{tag}>' if text else ""
