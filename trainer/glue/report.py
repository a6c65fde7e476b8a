"""Reports metrics to whatever tunes this program: one line of standard output per report. Copy this file as it is.

Example::

    from report import report

    for epoch in range(1, epochs + 1):
        ...
        report(epoch=epoch, validation_error=error)

It needs nothing but Python's standard library. The line is Syne Tune's: ``[tune-metric]: {"epoch": 1, ...}``.
"""

from __future__ import annotations

import json
import numbers
import sys

TAG = "[tune-metric]: "
"""What stands before the JSON object on its line."""

LONGEST_LINE = 50_000
"""Readers cut lines that are longer (bytes)."""


def report_line(**metrics: object) -> str:
    """One report as a line without its end.

    Values are numbers or strings; NaN and infinite values are written as the tokens ``NaN`` and ``Infinity``. Numbers
    of numpy and tensors of one element count as numbers. Raises ``ValueError`` for a name with the reserved prefix
    ``st_``, a value that is neither, and a line that is too long.
    """
    values = {name: _plain(name, value) for name, value in metrics.items()}
    line = TAG + json.dumps(values)
    if len(line) >= LONGEST_LINE:
        raise ValueError(f"a report must be shorter than {LONGEST_LINE} bytes, got {len(line)}; report fewer metrics")
    return line


def report(**metrics: object) -> None:
    """Prints one report and flushes it, so that it is read at once. Save a checkpoint before, not after."""
    line = report_line(**metrics)
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _plain(name: str, value: object) -> object:
    if name.startswith("st_"):
        raise ValueError(f'metric "{name}": names that start with "st_" are reserved; rename it')
    if not isinstance(value, (numbers.Real, str)) and hasattr(value, "item"):
        value = value.item()
    if isinstance(value, (bool, str)):
        return value
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return float(value)
    raise ValueError(f'metric "{name}": must be a number or a string, got {value!r}')
