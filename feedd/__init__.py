"""feedd turns a company's news release, dropped into a folder, into feeds, pages and letters."""

from pathlib import Path

__version__ = "0.1.0"


def packaged(name: str) -> Path:
    """The folder *name* (``templates`` or ``seeds``) that ships with feedd.

    In a wheel it lies inside the package; in a checkout, beside it.
    """
    inside = Path(__file__).parent / name
    return inside if inside.is_dir() else Path(__file__).parent.parent / name
