"""A rendered HTML page, parsed far enough to check it without a browser."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"meta", "link", "br", "hr", "img", "input"}
Attributes = dict[str, str]


@dataclass(eq=False)
class Element:
    """One element, with all the text inside it."""

    tag: str
    attributes: Attributes
    within: tuple[Element, ...]
    text: str = ""

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())

    @property
    def href(self) -> str:
        return self.attributes.get("href", "")


@dataclass
class Parsed(HTMLParser):
    """Every element of a page, in order; tags must close in the order in which they were opened."""

    elements: list[Element] = field(default_factory=list)
    open: list[Element] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        assert len(given) == len(attrs), f"<{tag}> names an attribute twice: {attrs}"
        element = Element(tag, given, tuple(self.open))
        self.elements.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1].tag == tag, f"</{tag}> where <{self.open[-1].tag}> is open: {self.getpos()}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.text += data
        for element in self.open:
            element.text += data

    def all(self, tag: str = "", **attributes: str) -> list[Element]:
        """Elements of a tag with these attributes; `class_` asks for one of its classes."""
        wanted = attributes.pop("class_", "")
        return [
            e
            for e in self.elements
            if (not tag or e.tag == tag)
            and (not wanted or wanted in e.classes)
            and all(e.attributes.get(name) == value for name, value in attributes.items())
        ]

    def by_id(self, id_: str) -> Element:
        (found,) = [e for e in self.elements if e.attributes.get("id") == id_]
        return found

    def links_in(self, element: Element) -> list[str]:
        """The fragments that the links inside an element lead to."""
        return [e.href[1:] for e in self.all("a") if element in e.within]


def parse(page: str) -> Parsed:
    """The page; every tag is closed."""
    parsed = Parsed()
    parsed.feed(page)
    parsed.close()
    assert not parsed.open, f"never closed: {[e.tag for e in parsed.open]}"
    return parsed
