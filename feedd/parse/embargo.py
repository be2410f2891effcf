"""Words that ask to keep a release back. Found words hold a release; what time they name is not read."""

from __future__ import annotations

import re

from feedd.model import Paragraph, Zone

_WORDS = re.compile(
    r"""
      \b(?:strictly\s+)?embargo(?:ed)?\b
      (?:[^.\n]{0,80}?\b(?:until|till|to|for)\b[^\n]{0,80}|\s*:[^\n]{0,80}|[^\n]{0,40}$)
    | \bunder\s+(?:strict\s+)?embargo\b[^\n]{0,80}
    | \bnot\s+for\s+(?:release|publication)\s+(?:before|until|prior\s+to)\b[^\n]{0,80}
    | \bnot\s+to\s+be\s+(?:released|published)\s+(?:before|until|prior\s+to)\b[^\n]{0,80}
    | \bhold\s+(?:for|until)\s+release\b[^\n]{0,80}
    | \bfor\s+release\s+(?:at|on|after|until)\s+[^.\n]{0,20}?\d[^\n]{0,60}
    | \b(?:sous|levée\s+d['’e]\s*)\s*embargo\b[^\n]{0,80}
    | \bsperrfrist\b[^\n]{0,80}
    """,
    re.VERBOSE | re.IGNORECASE,
)

# Arms embargoes and trade embargoes are news; the words that hold stand where the paper speaks of itself.
_ANYWHERE = re.compile(
    r"\b(?:strictly\s+)?embargoed\s+(?:until|till|for)\b[^\n]{0,80}|\bunder\s+(?:strict\s+)?embargo\s+until\b[^\n]{0,80}",
    re.IGNORECASE,
)
_PREAMBLE = frozenset({Zone.LABEL, Zone.HEADLINE, Zone.SUBHEAD, Zone.DATELINE, Zone.FURNITURE})


def find(paragraphs: tuple[Paragraph, ...]) -> str | None:
    """The words that speak of an embargo, as written, or None."""
    for paragraph in paragraphs:
        words = _WORDS if paragraph.zone in _PREAMBLE else _ANYWHERE
        match = words.search(paragraph.text)
        if match:
            return match.group().strip()
    return None
