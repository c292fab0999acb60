"""HTML in which texts from anywhere are nothing but texts."""

import html
import unicodedata


class Markup(str):
    """What is HTML already. Every other text is escaped."""


VOID = {"meta", "rect", "line", "path"}


def element(tag: str, /, *content: str, **attributes: str | None) -> Markup:
    """An element. An attribute named `class_` is `class`; «_» is «-»; without a value it is left out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escaped(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    if tag in VOID and not content:
        return Markup(f"<{tag}{written}/>")
    return Markup(f"<{tag}{written}>{joined(*content)}</{tag}>")


def joined(*content: str) -> Markup:
    return Markup("".join(each if isinstance(each, Markup) else escaped(each) for each in content))


def escaped(text: str) -> Markup:
    """Without what nobody sees, such as what turns the direction of writing."""
    seen = "".join(
        each if each in "\n\t" or unicodedata.category(each)[0] != "C" else "\N{REPLACEMENT CHARACTER}"
        for each in text
    )
    return Markup(html.escape(seen, quote=True))
