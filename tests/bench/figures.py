"""What was measured: samples with a name, a unit and a limit; a table for people, JSON for programs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# Of these more is better, so their limit is the least that will do.
_RATES = frozenset({"/s"})

_HEADINGS = ("", "p50", "p99", "max", "", "n", "limit", "")


@dataclass(frozen=True, slots=True)
class Figure:
    """Samples of one thing, in *unit*. `limits` maps ``p50`` or ``p99`` to the worst value that is good enough."""

    key: str  # for programs: "drop_to_site"
    name: str  # for people
    unit: str  # s, ms, /s, MiB, ×
    samples: Sequence[float]
    limits: Mapping[str, float] = field(default_factory=dict)

    @property
    def p50(self) -> float:
        return percentile(self.samples, 50)

    @property
    def p99(self) -> float:
        return percentile(self.samples, 99)

    @property
    def met(self) -> bool | None:
        """Whether all limits are kept; None where there are none."""
        kept = [self._is_kept(getattr(self, which), limit) for which, limit in self.limits.items()]
        return all(kept) if kept else None

    def _is_kept(self, value: float, limit: float) -> bool:
        return value >= limit if self.unit in _RATES else value <= limit


def percentile(samples: Iterable[float], percent: float) -> float:
    """The smallest sample that at least *percent* of all are not greater than (the nearest rank)."""
    ordered = sorted(samples)
    return ordered[max(math.ceil(len(ordered) * percent / 100), 1) - 1]


def as_json(figures: Iterable[Figure]) -> list[dict[str, Any]]:
    return [
        {
            "key": each.key, "name": each.name, "unit": each.unit, "n": len(each.samples),
            "p50": each.p50, "p99": each.p99, "max": max(each.samples), "limits": dict(each.limits), "met": each.met,
        }
        for each in figures
    ]  # fmt: skip


def table(figures: Iterable[Figure]) -> str:
    """One line a figure, columns aligned. A single sample stands under p50 alone."""
    rows = [_HEADINGS, *map(_row, figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    return "\n".join(_line(row, widths) for row in rows)


def _row(figure: Figure) -> tuple[str, ...]:
    several = len(figure.samples) > 1
    return (
        figure.name,
        _number(figure.p50),
        _number(figure.p99) if several else "",
        _number(max(figure.samples)) if several else "",
        figure.unit,
        str(len(figure.samples)) if several else "",
        _limits(figure),
        {None: "", True: "kept", False: "MISSED"}[figure.met],
    )


def _limits(figure: Figure) -> str:
    sign = "≥" if figure.unit in _RATES else "≤"
    return ", ".join(f"{which} {sign} {limit:g}" for which, limit in figure.limits.items())


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    """Words to the left, numbers to the right."""
    words = {0, 4, 6, 7}
    cells = (f"{c:<{w}}" if i in words else f"{c:>{w}}" for i, (c, w) in enumerate(zip(row, widths, strict=True)))
    return "  ".join(cells).rstrip()


def _number(value: float) -> str:
    """Three digits that matter."""
    digits = max(0, 2 - math.floor(math.log10(value))) if value > 0 else 0
    return f"{value:,.{min(digits, 3)}f}"
