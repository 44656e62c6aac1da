"""XML that leaves the house: elements of one namespace, and no character that XML does not know."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Final

Element = ET.Element
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """`text` without the control characters that no XML file may hold."""
    return _NOT_XML.sub("", text)


def element(name: str, *inside: Element | str, **attributes: object) -> Element:
    """An element with what is `inside` it, elements and text in their order."""
    made = Element(name, {key: clean(str(value)) for key, value in attributes.items()})
    for one in inside:
        if not isinstance(one, str):
            made.append(one)
        elif len(made):
            made[-1].tail = (made[-1].tail or "") + clean(one)
        else:
            made.text = (made.text or "") + clean(one)
    return made


def document(root: Element) -> str:
    """A whole file."""
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'
