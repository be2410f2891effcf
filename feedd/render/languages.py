"""The same release in other languages: which pages there are, and what each language calls itself."""

from __future__ import annotations

from feedd.model import Alternate, Entry, Past, Site
from feedd.render.syndication import headline

# Those in which listed companies publish most; any other is shown by its tag.
_NAMES = {
    "ar": "العربية", "cs": "Čeština", "da": "Dansk", "de": "Deutsch", "el": "Ελληνικά", "en": "English",
    "es": "Español", "fi": "Suomi", "fr": "Français", "he": "עברית", "hu": "Magyar", "id": "Bahasa Indonesia",
    "is": "Íslenska", "it": "Italiano", "ja": "日本語", "ko": "한국어", "nb": "Norsk", "nl": "Nederlands",
    "no": "Norsk", "pl": "Polski", "pt": "Português", "ro": "Română", "ru": "Русский", "sv": "Svenska",
    "th": "ไทย", "tr": "Türkçe", "uk": "Українська", "vi": "Tiếng Việt", "zh": "中文",
}  # fmt: skip


def language_name(tag: str) -> str:
    """What the language of a BCP 47 tag calls itself: ``Français``, ``Français (CA)``; else the tag."""
    language, _, rest = tag.partition("-")
    name = _NAMES.get(language.lower())
    if name is None:
        return tag
    return f"{name} ({rest})" if rest else name


def languages(entry: Entry, past: Past, site: Site) -> tuple[Alternate, ...]:
    """All pages of the release, this one first, each once; none when there is only this one.

    What search engines want to see is the same set on each of them.
    """
    others = (*([past.translation_of] if past.translation_of else ()), *past.alternates)
    own = Alternate(entry.release.language or site.language, entry.path, headline(entry))
    pages = {its.path: its for its in (own, *others)}
    return tuple(pages.values()) if len(pages) > 1 else ()
