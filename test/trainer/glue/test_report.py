"""The report line, and that it is Syne Tune's."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

import report as module
from report import report, report_line


def test_is_one_tagged_line() -> None:
    assert report_line(epoch=1, error=0.25, name="a") == '[tune-metric]: {"epoch": 1, "error": 0.25, "name": "a"}'


def test_allows_what_is_not_finite() -> None:
    assert (
        report_line(a=math.nan, b=math.inf, c=-math.inf) == '[tune-metric]: {"a": NaN, "b": Infinity, "c": -Infinity}'
    )


def test_takes_numbers_of_numpy_and_torch() -> None:
    line = report_line(a=np.float32(0.5), b=np.int64(3), c=torch.tensor(2.0), d=True)
    assert line == '[tune-metric]: {"a": 0.5, "b": 3, "c": 2.0, "d": true}'


@pytest.mark.parametrize("value", [None, [1], {"a": 1}, object()])
def test_refuses_what_is_no_number(value: object) -> None:
    with pytest.raises(ValueError, match='metric "a": must be a number or a string'):
        report_line(a=value)


def test_refuses_reserved_names_and_long_lines() -> None:
    with pytest.raises(ValueError, match="reserved"):
        report_line(st_worker_time=1)
    with pytest.raises(ValueError, match="shorter than 50000"):
        report_line(a="x" * 50_000)


def test_is_read_while_the_program_goes_on() -> None:
    code = "import sys; from report import report; report(epoch=1); sys.stdin.read()"
    folder = str(Path(module.__file__).parent)
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == '[tune-metric]: {"epoch": 1}\n'
        assert program.poll() is None
        program.communicate("")


def test_needs_only_the_standard_library() -> None:
    code = (
        "import sys; before = set(sys.modules); import report;"
        "print(*{name.split('.')[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names) - {'report'})"
    )
    folder = str(Path(module.__file__).parent)
    done = subprocess.run([sys.executable, "-S", "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_is_the_line_of_syne_tunes_reporter(capsys: pytest.CaptureFixture[str]) -> None:
    from syne_tune import Reporter
    from syne_tune.report import retrieve

    metrics = {"epoch": 3, "validation_error": 0.125, "test_error": math.nan, "loss": 1e-7, "note": 'a "b" {c}'}
    Reporter()(**metrics)
    theirs = capsys.readouterr().out
    report(**metrics)
    ours = capsys.readouterr().out
    assert re.sub(r', "st_worker_\w+": [^,}]+', "", theirs) == ours
    # And Syne Tune reads ours.
    (read,) = retrieve(ours.splitlines())
    assert json.dumps(read) == json.dumps(metrics)
