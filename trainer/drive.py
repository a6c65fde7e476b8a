#!/usr/bin/env python3
"""Runs the trainings of a recording on a machine without Node: one file, standard library only, Python 3.9 or newer.

    bench record NAME --data DIR --plan-out plan.json                 # where Node is
    python3 drive.py plan.json --program DIR --data DIR --journal j.jsonl --trials-per-gpu 4 --minutes 9
    bench record NAME --from-journal j.jsonl --out NAME.arrow         # where Node is

Every training is a process of its own, never seen by a shell. Whatever has ended is in the journal, on disk, before the
next one is looked at; the same command goes on from there. Trainings are run in the plan's order: whole configurations
in random order. The journal is line by line what ``bench record`` writes.

Exit status: 0 all done or the time is over; 1 trainings failed; 2 bad input; 128 + signal where one ended it.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import hashlib
import json
import math
import os
import platform
import re
import selectors
import shlex
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from types import FrameType
from typing import Any, BinaryIO, NoReturn

PLAN_VERSION = 1
REPORT_TAG, DATA_TAG = b"[tune-metric]:", b"[data]:"
LONGEST_LINE = 50_000
"""Bytes of a line of output that are looked at."""
BROKEN_OBJECTS = 8
"""So many tagged objects of one line may be broken before the rest of it is passed over."""
LOG_LIMIT = 64 * 1024 * 1024
"""Bytes per log file."""
GRACE = 5.0
"""Seconds between SIGTERM and SIGKILL."""
KILL_PATIENCE = 30.0
"""Seconds after SIGKILL until a process that does not go is left behind."""
PIPE_LOOKS, PIPE_PAUSE = 10, 0.1
"""A pipe that a process outside the group holds is given up after so many looks, so many seconds apart."""
RESOLUTION = 1e-6
"""Seconds between two reports that arrive in one piece of output."""
FAILURES_IN_A_ROW = 5
"""So many failed trainings in a row end a session."""
TRIES = 2
"""How often a training that fails is run, over all sessions."""
PYTHON = re.compile(r"python(3(\.\d+)?)?")
THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "RAYON_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
)
"""What limits the threads of numeric libraries; each training gets its share of the cores unless one of them is set."""
LIBRARIES = ("torch", "transformers", "numpy", "tensorflow", "jax", "scikit-learn")
"""What changes results or speed; those that the program's Python has are named in the journal."""


TRAINING = {"index": int, "configuration": int, "repetition": int, "seed": int, "config": dict, "arguments": list}
PLAN = {
    "header": {"journal": str, "recording": str, "program": str, "key": str, "data": dict},
    "program": {"command": [str], "paths": [str], "files": dict, "env": dict},
    "resource": {"name": str, "levels": int},
    "metrics": dict,
    "trainings": [TRAINING],
}
"""What a plan must hold."""


class UsageError(Exception):
    """Something the user can put right: one line."""


# --- the plan ---------------------------------------------------------------------------------------------------------

IRRELEVANT = re.compile(r"(?:node_modules|__pycache__|\..*|.*\.(?:map|pyc|d\.ts))")
"""Files below a program's folders that do not count."""


def read_plan(path: str) -> dict[str, Any]:
    """The plan; raises ``UsageError`` if it is none."""
    try:
        text = Path(path).read_text(encoding="utf-8")
        plan = json.loads(text)
    except (OSError, ValueError) as error:
        raise UsageError(f"the plan {path} cannot be read: {error}") from error
    if not isinstance(plan, dict) or plan.get("plan") != "rungbench-plan":
        raise UsageError(f"{path} is no plan; make one with: bench record NAME --plan-out plan.json")
    if plan.get("version") != PLAN_VERSION:
        raise UsageError(f"{path} has version {plan.get('version')}; this drive.py follows version {PLAN_VERSION}")
    # The text without the line that holds its checksum; plans of an older bench have none.
    checksum = plan.get("sha256")
    rest = text.replace(f'  "sha256": "{checksum}",\n', "", 1)
    if checksum is not None and hashlib.sha256(rest.encode()).hexdigest() != checksum:
        raise UsageError(
            f"the plan {path} was changed after it was made, so rows could be of other trainings than they say; copy "
            "it again, or change the recording and make a new plan (--limit runs a part)"
        )
    lack = lacks(plan, PLAN)
    if lack is not None:
        raise UsageError(f"the plan {path} lacks {lack}; copy it again, or make a new one")
    return plan


def lacks(value: Any, shape: Any, name: str = "") -> str | None:
    """The name of the first part of a plan that is missing or of another kind; None if there is none."""
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return name
        inner = ((value.get(key), part, f"{name}.{key}" if name else key) for key, part in shape.items())
    elif isinstance(shape, list):
        if not isinstance(value, list):
            return name
        inner = ((each, shape[0], f"{name}[{i}]") for i, each in enumerate(value))
    else:
        return None if isinstance(value, shape) and not (shape is int and isinstance(value, bool)) else name
    return next((found for found in (lacks(*each) for each in inner) if found is not None), None)


def sha256_file(path: Path) -> str:
    """sha256 of a file, hexadecimal."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            for piece in iter(lambda: file.read(1 << 20), b""):
                digest.update(piece)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    return digest.hexdigest()


def recorded(name: str, names: Sequence[str]) -> bool:
    """Whether a recording into the folder of its program left this there."""
    if re.search(r"\.arrow\.(?:journal\.jsonl(?:\.lock)?|logs)$", name):
        return True
    return name.endswith(".arrow") and f"{name}.journal.jsonl" in names


def files_below(root: Path, path: Path) -> Iterable[Path]:
    """The files that count below a path; the path itself if it is a file."""
    if not path.is_dir():
        return [path]
    names = os.listdir(path)
    inner = sorted(name for name in names if not (IRRELEVANT.fullmatch(name) or recorded(name, names)))
    return (file for name in inner for file in files_below(root, path / name))


def check_program(plan: Mapping[str, Any], root: Path) -> None:
    """Raises ``UsageError`` unless the program folder holds exactly what the plan was made with."""
    wanted: dict[str, str] = plan["program"]["files"]
    for name, checksum in wanted.items():
        found = sha256_file(root / name)
        if found != checksum:
            raise UsageError(
                f"the program differs from the plan's: {root / name} has sha256 {found[:12]}..., not "
                f"{checksum[:12]}...; copy the program again, or make a new plan"
            )
    for path in plan["program"]["paths"]:
        for file in files_below(root, root / path):
            if file.relative_to(root).as_posix() not in wanted:
                raise UsageError(f"the program differs from the plan's: {file} is not part of it; take it away")


def check_data(plan: Mapping[str, Any], root: Path | None) -> None:
    """Raises ``UsageError`` unless the data folder holds the plan's data."""
    needed = any(None in training["arguments"] for training in plan["trainings"])
    files: dict[str, str] = plan["header"]["data"]
    if root is None:
        if needed:
            raise UsageError(f"--data is missing; give the folder that holds {', '.join(files) or 'the data'}")
        return
    for name, checksum in files.items():
        found = sha256_file(root / name)
        if found != checksum:
            raise UsageError(
                f"other data than the plan's: {root / name} has sha256 {found[:12]}..., not {checksum[:12]}..."
            )


# --- the journal ------------------------------------------------------------------------------------------------------


def journal_value(value: Any) -> Any:
    """A value as it stands in a journal: numbers that JSON does not have are texts, whole numbers have no fraction."""
    if isinstance(value, float):
        if not math.isfinite(value):
            return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        if value == 0 and math.copysign(1, value) < 0:
            return "-0"
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, dict):
        return {key: journal_value(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [journal_value(inner) for inner in value]
    return value


def compact(value: Any) -> str:
    """JSON without blanks."""
    return json.dumps(value, separators=(",", ":"))


def process_began(pid: int) -> str:
    """The start of a process in ticks since boot, on Linux; elsewhere empty. Ids are used again, pairs are not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="latin-1")
        return stat[stat.rindex(")") + 2 :].split(" ")[19]
    except (OSError, ValueError, IndexError):
        return ""


class Lock:
    """``<journal>.lock`` says who writes a journal; one whose process is gone is taken over. As bench does it."""

    def __init__(self, journal: str) -> None:
        self.path = f"{journal}.lock"
        holder = {"pid": os.getpid(), "host": socket.gethostname(), "began": process_began(os.getpid())}
        self.text = compact(holder)
        own = f"{self.path}.{os.getpid()}.{time.monotonic_ns()}"
        try:
            # Written first and linked then, so that nobody ever sees an empty lock.
            with open(own, "x", encoding="utf-8") as file:
                file.write(self.text)
        except OSError as error:
            raise UsageError(f"journal {journal} cannot be locked: {error}") from error
        try:
            for _ in range(10):
                if self._link(own, self.path):
                    return
                self._take_away(journal, f"{own}.stale")
            raise UsageError(f"journal {journal} cannot be locked: others keep taking {self.path}")
        finally:
            os.unlink(own)

    def release(self) -> None:
        """Lets others in, unless somebody has taken the lock away already."""
        if self._read(self.path) == self.text:
            os.unlink(self.path)

    def _take_away(self, journal: str, aside: str) -> None:
        found = self._read(self.path)
        if found is None:
            return
        try:
            holder = json.loads(found)
            pid, host = int(holder["pid"]), str(holder["host"])
            alive = host != socket.gethostname() or self._lives(pid, holder["began"])
        except (ValueError, KeyError, TypeError):
            pid, host, alive = 0, "", True
        if alive:
            who = f"process {pid} on {host}" if pid else "another process"
            raise UsageError(
                f"journal {journal} is being written by {who}; "
                f"wait for it or end it (if it is gone, delete {self.path})"
            )
        try:
            os.rename(self.path, aside)
        except OSError:
            return
        # Somebody else may have taken the stale lock over in between: then it is theirs.
        if self._read(aside) != found:
            self._link(aside, self.path)
        os.unlink(aside)

    @staticmethod
    def _lives(pid: int, began: str) -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return began == process_began(pid)

    @staticmethod
    def _link(source: str, target: str) -> bool:
        try:
            os.link(source, target)
        except FileExistsError:
            return False
        return True

    @staticmethod
    def _read(path: str) -> str | None:
        try:
            return Path(path).read_text(encoding="utf-8")
        except OSError:
            return None


class Journal:
    """The one writer of a journal; every line is on disk when ``append`` returns. A torn last line is cut off."""

    def __init__(self, path: str, header: Mapping[str, Any]) -> None:
        self.path = path
        self.lock = Lock(path)
        try:
            lines, size = self._read()
            if lines:
                self._accept(lines[0], header)
            self.entries = lines[1:]
            self.file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
            os.ftruncate(self.file, size)
            self.size = size
            if not lines:
                self.append(header)
                self.entries = []
        except OSError as error:
            self.lock.release()
            raise UsageError(f"journal {path} cannot be opened: {error}") from error
        except UsageError:
            self.lock.release()
            raise

    def append(self, line: Mapping[str, Any]) -> None:
        """Adds one line. Raises ``UsageError`` if it cannot be written; what is there stays whole then."""
        data = (compact(journal_value(line)) + "\n").encode()
        try:
            written = 0
            while written < len(data):
                written += os.pwrite(self.file, data[written:], self.size + written)
            os.fsync(self.file)
        except OSError as error:
            os.ftruncate(self.file, self.size)
            raise UsageError(f"journal {self.path} cannot be written ({error}); make room, then go on") from error
        self.size += len(data)
        self.entries.append(dict(line))

    def close(self) -> None:
        os.close(self.file)
        self.lock.release()

    def _read(self) -> tuple[list[dict[str, Any]], int]:
        try:
            data = Path(self.path).read_bytes()
        except FileNotFoundError:
            return [], 0
        size = data.rfind(b"\n") + 1
        lines = []
        for number, text in enumerate(data[:size].split(b"\n")[:-1], 1):
            try:
                line = json.loads(text.decode("utf-8", "replace"))
            except ValueError:
                line = None
            if not isinstance(line, dict):
                raise UsageError(f"journal {self.path} is damaged: line {number} is not a JSON object; restore it")
            lines.append(line)
        return lines, size

    def _accept(self, was: Mapping[str, Any], header: Mapping[str, Any]) -> None:
        if was.get("journal") != header["journal"]:
            raise UsageError(f"{self.path} is not the journal of a recording")
        for key, what in (
            ("recording", "another recording"),
            ("program", "another version of the program"),
            ("data", "other data"),
            ("key", "another plan, space or set of arguments"),
        ):
            if was.get(key) != header[key]:
                raise UsageError(
                    f"journal {self.path} was recorded with {what}; record to another file or delete it to start over"
                )


# --- reports ----------------------------------------------------------------------------------------------------------


class ReportParser:
    """Finds ``[tune-metric]: {...}`` and ``[data]: {...}`` in a program's output, anywhere on a line of it."""

    def __init__(self, on_report: Callable[[dict[str, Any]], None], on_data: Callable[[dict[str, Any]], None]) -> None:
        self.unreadable = 0
        self._sinks = {REPORT_TAG.decode(): on_report, DATA_TAG.decode(): on_data}
        # Whole numbers too: JSON of other languages has one kind of number.
        self._decoder = json.JSONDecoder(parse_int=float)
        self._held = b""

    def push(self, chunk: bytes) -> None:
        """The next bytes, in any portions. Lines end with a line feed or a carriage return."""
        *lines, rest = re.split(rb"[\r\n]", chunk)
        for line in lines:
            self._hold(line)
            self.end()
        self._hold(rest)

    def end(self) -> None:
        """The line, or the output, has ended."""
        held, self._held = self._held, b""
        if REPORT_TAG in held or DATA_TAG in held:
            self._line(held.decode("utf-8", "replace"))

    def _hold(self, piece: bytes) -> None:
        self._held += piece[: LONGEST_LINE - len(self._held)]

    def _line(self, line: str) -> None:
        at, failures = 0, 0
        while failures < BROKEN_OBJECTS:
            found = sorted((line.find(tag, at), tag) for tag in self._sinks if line.find(tag, at) >= 0)
            if not found:
                return
            position, tag = found[0]
            at = position + len(tag)
            while line[at : at + 1] in (" ", "\t"):
                at += 1
            try:
                if line[at : at + 1] != "{":
                    raise ValueError("no object")
                report, at = self._decoder.raw_decode(line, at)
            except (ValueError, RecursionError):
                self.unreadable += 1
                failures += 1
                continue
            self._sinks[tag](report)


def js_text(value: Any) -> str:
    """A value in a message as bench prints it."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, float):
        if not math.isfinite(value):
            return str(journal_value(value))
        return str(int(value)) if value.is_integer() and abs(value) < 1e21 else repr(value)
    return value if isinstance(value, str) else compact(value)


def shown(value: Any) -> str:
    """A value in a message: short, texts in quotes."""
    plain = journal_value(value)
    text = js_text(value) if isinstance(value, float) else json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return text if len(text) <= 120 else f"{text[:117]}..."


def is_single(value: float) -> bool:
    """Whether a number is finite in single precision, as tables store curves."""
    try:
        return math.isfinite(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return False


class Collector:
    """What one training gave, from its reports as they arrive; the rules of ``bench record``."""

    def __init__(self, plan: Mapping[str, Any]) -> None:
        self.resource: str = plan["resource"]["name"]
        self.levels: int = plan["resource"]["levels"]
        metrics: dict[str, str] = plan["metrics"]
        self.curves: dict[str, list[float]] = {name: [] for name, kind in metrics.items() if kind == "curve"}
        self.statics: dict[str, float] = {name: math.nan for name, kind in metrics.items() if kind != "curve"}
        self.elapsed: list[float] = []
        self.source = "arrival"
        self.startup: float | None = None
        self.startup_reported = False
        self.cpu = math.nan
        self.data: dict[str, Any] | None = None
        self.fault = ""
        """Why the reports cannot be used: the training has failed."""

    def add(self, report: Mapping[str, Any], arrival: float) -> None:
        """``arrival``: seconds since the program was started."""
        level = report.get(self.resource)
        # What is no level, came before or is past the end does not count.
        if not isinstance(level, float) or not level.is_integer() or not len(self.elapsed) < level <= self.levels:
            return
        missing = next((name for name in self.curves if not isinstance(report.get(name), float)), None)
        if missing is not None:
            at = f"the report at {self.resource} {int(level)}"
            if missing in report:
                self.fault = f"{at} has no number as {shown(missing)} but {shown(report[missing])}"
            else:
                self.fault = f"{at} lacks the metric {shown(missing)}; it has {', '.join(shown(key) for key in report)}"
            return
        if level != len(self.elapsed) + 1:
            self.fault = (
                f"{self.resource} {int(level)} was reported after {len(self.elapsed)}; "
                f"a recording needs every {self.resource}"
            )
            return
        if not self._time(report, arrival):
            return
        for name, curve in self.curves.items():
            curve.append(report[name])
        for name in self.statics:
            self.statics[name] = number_in(report, name, self.statics[name])
        self.cpu = number_in(report, "cpu_time", self.cpu)

    def _time(self, report: Mapping[str, Any], arrival: float) -> bool:
        last = self.elapsed[-1] if self.elapsed else 0.0
        if not self.elapsed:
            self.source = next((key for key in ("elapsed_time", "st_worker_time") if key in report), "arrival")
        if self.source == "arrival":
            seconds = max(arrival, last + RESOLUTION)
        else:
            seconds = number_in(report, self.source, math.nan)
        if not last < seconds < math.inf:
            got = js_text(report[self.source]) if self.source in report else "undefined"
            self.fault = f"{self.source} must grow with every report, got {got} after {js_text(last)}"
            return False
        if not self.elapsed:
            startup = number_in(report, "startup_time", math.nan)
            self.startup_reported = 0 <= startup < math.inf
            self.startup = startup if self.startup_reported else max(0.0, arrival - seconds)
        self.elapsed.append(seconds)
        return True

    def result(self, failure: str) -> dict[str, Any]:
        """The training has ended; ``failure`` says why, if not by itself and without an error."""
        reached = len(self.elapsed)
        diverged = any(not is_single(value) for curve in self.curves.values() for value in curve)
        reason = self.fault or failure
        missing = next((name for name, value in self.statics.items() if not math.isfinite(value)), None)
        if not reason and reached < self.levels:
            reason = f"ended after {reached} of {self.levels} {self.resource}s"
        if reached == self.levels and missing is not None and not diverged:
            # Without it the training cannot be kept, and a failed one has no complete curve.
            reason, reached = f'never reported the metric "{missing}" as a finite number', 0
        ended = "diverged" if diverged else "completed" if reached == self.levels else "failed"
        return {
            "ended": ended,
            "reason": reason,
            "reached": reached,
            "curves": {name: after_nan(curve) if diverged else curve[:reached] for name, curve in self.curves.items()},
            "statics": self.statics,
            "elapsed": self.elapsed[:reached],
            "elapsedSource": self.source,
            "startup": self.startup or 0.0,
            "startupSource": "none" if self.startup is None else "startup_time" if self.startup_reported else "arrival",
            "cpu": self.cpu if 0 <= self.cpu < math.inf else math.nan,
        }


def number_in(report: Mapping[str, Any], key: str, default: float) -> float:
    """The number under a key."""
    value = report.get(key)
    return value if isinstance(value, float) else default


def after_nan(curve: Sequence[float]) -> list[float]:
    """A curve on which NaN stays: a diverged training does not come back."""
    lost = next((i for i, value in enumerate(curve) if math.isnan(value)), len(curve))
    return [*curve[:lost], *[math.nan] * (len(curve) - lost)]


# --- processes --------------------------------------------------------------------------------------------------------


class LogFile:
    """A log of a program: capped, and never a reason for anything to fail."""

    def __init__(self, path: Path) -> None:
        self.room = LOG_LIMIT
        self.file: BinaryIO | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.file = path.open("ab", buffering=0)
        except OSError as error:
            warn(f"the log {path} cannot be written ({error}); the program goes on without it")

    def write(self, data: bytes) -> None:
        if self.file is None:
            return
        try:
            self.file.write(data[: self.room])
            self.room -= len(data)
            if self.room < 0:
                self.file.write(f"\n[this log was cut at {LOG_LIMIT} bytes]\n".encode())
        except OSError as error:
            warn(f"a log cannot be written ({error}); the program goes on without it")
            self.room = -1
        if self.room < 0:
            self.close()

    def close(self) -> None:
        if self.file is not None:
            self.file.close()
            self.file = None


def end_with_parent() -> None:
    """Before a program starts, on Linux: it gets SIGTERM if this process dies, even by SIGKILL."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM, 0, 0, 0)


def group_runs(group: int) -> bool:
    """Whether a process group has a process that still runs; one that ended but was not collected does not count."""
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    if not sys.platform.startswith("linux"):
        return True
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            stat = Path(f"/proc/{pid}/stat").read_text(encoding="latin-1")
        except OSError:
            continue
        state, _parent, of = stat[stat.rindex(")") + 2 :].split(" ")[:3]
        if int(of) == group and state not in "ZX":
            return True
    return False


class Child:
    """One running program in a process group of its own: its output, its end."""

    def __init__(
        self,
        command: Sequence[str],
        cwd: Path,
        env: Mapping[str, str],
        logs: Path,
        selector: selectors.BaseSelector,
        collector: Collector,
        on_report: Callable[[], None],
    ) -> None:
        self.logs = logs
        self.collector = collector
        self.began = time.monotonic()
        self.failure = ""
        self._selector = selector
        self._on_report = on_report
        self._parser = ReportParser(self._report, self._data)
        self._last = b""
        self._pipes: dict[int, tuple[BinaryIO, LogFile]] = {}
        self._kill_at = math.inf
        self._exited: float | None = None
        self._grouped = True
        self._looks, self._look_at = 0, 0.0
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._process = subprocess.Popen(
                command,
                cwd=cwd,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
                bufsize=0,
                preexec_fn=end_with_parent if sys.platform.startswith("linux") else None,
            )
        except (OSError, subprocess.SubprocessError) as error:
            self.failure = f"could not be started: {error}"
            return
        for pipe, name in ((self._process.stdout, "std.out"), (self._process.stderr, "std.err")):
            assert pipe is not None
            os.set_blocking(pipe.fileno(), False)
            self._pipes[pipe.fileno()] = (pipe, LogFile(logs / name))
            selector.register(pipe, selectors.EVENT_READ, self)

    def _report(self, report: dict[str, Any]) -> None:
        if self.collector.fault or self._kill_at < math.inf:
            return
        self.collector.add(report, time.monotonic() - self.began)
        if self.collector.fault:
            self.end()
        self._on_report()

    def _data(self, description: dict[str, Any]) -> None:
        self.collector.data = description

    def read(self, file: int) -> None:
        """Takes what stands in one of the pipes."""
        if file not in self._pipes:
            return
        assert self._process is not None
        assert self._process.stdout is not None
        try:
            data = os.read(file, 1 << 20)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._close(file)
            return
        self._pipes[file][1].write(data)
        if file == self._process.stdout.fileno():
            self._parser.push(data)
        else:
            self._last = (self._last + data)[-2000:]

    def end(self) -> None:
        """SIGTERM to the whole group now, SIGKILL after the grace period. Safe to call twice."""
        if self._process is None or self._exited is not None or self._kill_at < math.inf:
            return
        self._signal(signal.SIGTERM)
        self._kill_at = time.monotonic() + GRACE

    def kill(self) -> None:
        """SIGKILL to the whole group."""
        self._signal(signal.SIGKILL)

    def gone(self) -> bool:
        """Looks after the process; true once none of its group runs any more and its output was read."""
        if self._process is None:
            return True
        now = time.monotonic()
        if self._exited is None:
            code = self._process.poll()
            if code is None:
                if now >= self._kill_at:
                    self.kill()
                return False
            self._exited = now
            self.failure = "" if code == 0 else f"exit code {code}" if code > 0 else f"ended by {signal_name(-code)}"
        if self._grouped:
            if group_runs(self._process.pid):
                self.kill()
                if now < self._exited + KILL_PATIENCE:
                    return False
                warn(f"a process of group {self._process.pid} did not end after SIGKILL and is left behind")
            self._grouped = False
        for file in list(self._pipes):
            self.read(file)
        if self._pipes and self._looks < PIPE_LOOKS:
            if now >= self._look_at:
                self._looks, self._look_at = self._looks + 1, now + PIPE_PAUSE
            return False
        for file in list(self._pipes):
            self._close(file)
        self._parser.end()
        if self._parser.unreadable:
            warn(f"{self.logs.name}: {self._parser.unreadable} report lines could not be read")
        last = self._last_error()
        if self.failure and last:
            self.failure = f"{self.failure}: {last}"
        return True

    @property
    def closing(self) -> bool:
        """Whether it has ended but is not gone."""
        return self._exited is not None

    def _signal(self, number: int) -> None:
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)

    def _close(self, file: int) -> None:
        pipe, log = self._pipes.pop(file)
        self._selector.unregister(pipe)
        pipe.close()
        log.close()

    def _last_error(self) -> str:
        """The last line with text of the standard error, without control characters."""
        lines = [line for line in re.split(r"[\r\n]+", self._last.decode("utf-8", "replace")) if line.strip()]
        plain = re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", lines[-1]).strip() if lines else ""
        return plain if len(plain) <= 300 else f"{plain[:297]}..."


def signal_name(number: int) -> str:
    """``SIGKILL`` for 9."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


# --- the machine ------------------------------------------------------------------------------------------------------


def output_of(*command: str) -> str:
    """What a command prints; empty if it cannot be run."""
    try:
        return subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, timeout=60
        ).stdout.decode()
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return ""


def list_gpus() -> list[dict[str, str]]:
    """The GPUs that nvidia-smi knows, in its order."""
    keys = ("index", "name", "memory.total", "driver_version")
    text = output_of("nvidia-smi", f"--query-gpu={','.join(keys)}", "--format=csv,noheader,nounits")
    rows = [[cell.strip() for cell in line.split(",")] for line in text.splitlines()]
    return [dict(zip(keys, row)) for row in rows if len(row) == len(keys)]


def choose_gpus(wanted: str, known: Sequence[Mapping[str, str]]) -> list[str]:
    """What CUDA_VISIBLE_DEVICES may be for a training, one each; empty: trainings run on the processor."""
    if wanted == "none":
        return []
    if wanted == "all":
        wanted = os.environ.get("CUDA_VISIBLE_DEVICES", ",".join(gpu["index"] for gpu in known))
        return [name.strip() for name in wanted.split(",") if name.strip()]
    names = [name.strip() for name in wanted.split(",")]
    if not all(re.fullmatch(r"\d+|(?:GPU|MIG)-[\w/-]+", name) for name in names) or len(set(names)) < len(names):
        raise UsageError(f'--gpus must be all, none or distinct GPUs, got "{wanted}"; write --gpus 0,1')
    return names


def core_count() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def hardware(gpus: Sequence[str], known: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """The machine as tables describe it."""
    cpu = "unknown"
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.M)
        cpu = found[1].strip() if found else platform.processor() or cpu
    except OSError:
        cpu = platform.processor() or cpu
    machine = {"x86_64": "x64", "AMD64": "x64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    result: dict[str, Any] = {
        "cpu": cpu,
        "cores": core_count(),
        "memoryGiB": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "platform": f"{sys.platform} {platform.release()} {machine}",
    }
    if gpus:
        used = [gpu for gpu in known if gpu["index"] in gpus] or list(known)
        result["gpus"] = len(gpus)
        if used:
            result["gpu"] = ", ".join(sorted({gpu["name"] for gpu in used}))
            if used[0]["memory.total"].isdigit():
                result["gpuMemoryGiB"] = round(int(used[0]["memory.total"]) / 1024, 1)
    return result


def versions(name: str, executable: str, gpus: Sequence[str], known: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Versions of what runs the program (``name`` in the plan), of its libraries and of the GPU's driver."""
    found: dict[str, str] = {}
    if name == "node":
        all_of_node = json.loads(output_of(executable, "-p", "JSON.stringify(process.versions)") or "{}")
        found = {key: all_of_node[key] for key in ("node", "v8", "uv") if key in all_of_node}
    elif PYTHON.fullmatch(name):
        code = (
            "import importlib.metadata as m, json, platform, sys\n"
            "found = {'python': platform.python_version()}\n"
            "for name in sys.argv[1:]:\n"
            "    try: found[name] = m.version(name)\n"
            "    except m.PackageNotFoundError: pass\n"
            "print(json.dumps(found))"
        )
        found = json.loads(output_of(executable, "-c", code, *LIBRARIES) or "{}")
    if gpus and known:
        found["nvidia-driver"] = known[0]["driver_version"]
    return found or {"driver": platform.python_version()}


# --- the session ------------------------------------------------------------------------------------------------------


def now_text() -> str:
    """ISO 8601, UTC, milliseconds."""
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds_between(start: str, end: str) -> float:
    """Between two times of a journal."""
    first, last = (datetime.fromisoformat(text.replace("Z", "+00:00")) for text in (start, end))
    return (last - first).total_seconds()


def warn(text: str) -> None:
    """A line on standard error."""
    print(text, file=sys.stderr, flush=True)


class Running:
    """A training that runs."""

    def __init__(self, training: Mapping[str, Any], slot: int, device: str, child: Child) -> None:
        self.training = training
        self.slot = slot
        self.device = device
        self.child = child
        self.started_at = now_text()
        self.load = os.getloadavg()[0]
        self.shared = 0
        """Most others on its device so far."""
        self.overdue = False


class Session:
    """One call of this program: runs what is left of the plan until it is done or the time is over."""

    def __init__(
        self, plan: Mapping[str, Any], journal: Journal, args: argparse.Namespace, gpus: Sequence[Sequence[str]]
    ) -> None:
        self.plan = plan
        self.journal = journal
        self.args = args
        self.gpus = gpus
        """What trainings are given, one of these each; empty: they train on the processor."""
        self.slots: int = args.slots
        self.command = program_command(plan, args)
        self.timeout: float = plan["program"].get("timeout", math.inf)
        total = math.inf if args.minutes is None else 60 * args.minutes
        self.until = args.began + total - min(GRACE + 2, total / 10)
        """When everything must be on its way out (seconds, monotonic)."""
        self.running: list[Running] = []
        self.ended = 0
        self.failures = 0
        self.signal = 0
        self._shown = -math.inf
        self._longest: dict[Any, float] = {}
        self._data: str | None = None
        for entry in journal.entries:
            self._note(entry)

    @property
    def stopped(self) -> bool:
        """Whether nothing more is to be started."""
        return self.signal != 0 or (self.args.limit is not None and self.ended >= self.args.limit)

    def lines(self) -> dict[int, list[dict[str, Any]]]:
        """What the journal holds of this pass, by index of the training."""
        found: dict[int, list[dict[str, Any]]] = {}
        for entry in self.journal.entries:
            if entry.get("event") != self.args.event:
                continue
            # An earlier pass alone may have measured fewer levels.
            if not self.args.alone or entry["ended"] == "failed" or len(entry["elapsed"]) >= self.args.levels:
                found.setdefault(entry["index"], []).append(entry)
        return found

    def waiting(self) -> list[Mapping[str, Any]]:
        """What is left, in the plan's order; what failed is tried once more."""
        done = self.lines()
        return [training for training in self.planned() if not self._settled(done.get(training["index"], []))]

    def planned(self) -> list[Mapping[str, Any]]:
        """All that is to be run, earlier or now: every training, or one of each recorded configuration alone."""
        if not self.args.alone:
            return list(self.plan["trainings"])
        recorded = {
            entry["index"]: entry["ended"] for entry in self.journal.entries if entry.get("event") == "training"
        }
        return [
            training
            for training in self.plan["trainings"]
            if training["repetition"] == 0 and recorded.get(training["index"], "failed") != "failed"
        ]

    @staticmethod
    def _settled(lines: Sequence[Mapping[str, Any]]) -> bool:
        return len(lines) > 0 and (lines[-1]["ended"] != "failed" or len(lines) >= TRIES)

    def run(self) -> None:
        """Runs until nothing is left, the time is over, or a signal comes. No process outlives it."""
        queue = self.waiting()[::-1]
        if not queue:
            return
        known = list_gpus() if self.gpus else []
        used = [gpu for gpus in self.gpus for gpu in gpus]
        self.journal.append(
            {
                "event": "session",
                "at": now_text(),
                "workers": self.slots,
                "hardware": hardware(used, known),
                "versions": versions(self.plan["program"]["command"][0], self.command[0], used, known),
                "driver": "drive.py",
                "env": dict(self.args.env),
            }
        )
        with selectors.DefaultSelector() as selector, Wakeup(selector):
            try:
                while True:
                    self._start(queue, selector)
                    if not self.running:
                        break
                    self._wait(selector)
                    self._collect()
                    if self.signal or time.monotonic() >= self.until:
                        break
            finally:
                self._end_all(selector)

    def on_signal(self, number: int, _frame: FrameType | None) -> None:
        """The first signal ends the session in order, the second one at once."""
        if self.signal:
            for each in self.running:
                each.child.kill()
            os._exit(128 + number)
        self.signal = number
        # Printing could meet itself where a signal interrupts it.
        os.write(2, b"stopping; what is finished is kept\n")

    def _start(self, queue: list[Mapping[str, Any]], selector: selectors.BaseSelector) -> None:
        while queue and not self.stopped and len(self.running) < self.slots:
            if self.args.limit is not None and self.ended + len(self.running) >= self.args.limit:
                return
            # Nothing is preferred because it is short: what is recorded when time runs out is a fair sample.
            if time.monotonic() + self._estimate(queue[-1]) > self.until:
                return
            self._begin(queue.pop(), selector)

    def _begin(self, training: Mapping[str, Any], selector: selectors.BaseSelector) -> None:
        taken = {each.slot for each in self.running}
        free = [slot for slot in range(self.slots) if slot not in taken]
        on = [self._gpus_of(each.slot) for each in self.running]
        slot = min(free, key=lambda slot: (on.count(self._gpus_of(slot)), slot))
        logs = Path(f"{self.args.journal}.logs").resolve() / str(training["index"])
        given = [str(self.args.data) if part is None else part for part in training["arguments"]]
        command = [*self.command, *given]
        document = {"config": training["config"], "seed": training["seed"], "command": command}
        cwd = logs / "work" if self.plan["program"].get("workingDirectory") == "trial" else self.args.program
        try:
            cwd.mkdir(parents=True, exist_ok=True)
            logs.mkdir(parents=True, exist_ok=True)
            (logs / "config.json").write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
        except OSError as error:
            warn(f"the folder {logs} cannot be written ({error})")
        collector = Collector(self.plan)
        alone_levels = self.args.levels if self.args.alone else math.inf

        def on_report() -> None:
            if alone_levels <= len(collector.elapsed) < collector.levels:
                child.end()

        env = self._environment(training, slot, logs)
        child = Child(command, cwd, env, logs, selector, collector, on_report)
        device = ",".join(f"cuda:{gpu}" for gpu in self._gpus_of(slot))
        self.running.append(Running(training, slot, device, child))
        for each in self.running:
            others = sum(other.device == each.device for other in self.running) - 1
            each.shared = max(each.shared, others)

    def _gpus_of(self, slot: int) -> Sequence[str]:
        return self.gpus[slot % len(self.gpus)] if self.gpus else ()

    def _environment(self, training: Mapping[str, Any], slot: int, logs: Path) -> dict[str, str]:
        given = {**self.plan["program"]["env"], **self.args.env}
        env = {**os.environ, **given}
        if not any(name in env for name in THREAD_VARIABLES):
            env.update(dict.fromkeys(THREAD_VARIABLES, str(max(1, core_count() // self.slots))))
        env["CUDA_VISIBLE_DEVICES"] = ",".join(self._gpus_of(slot))
        env.setdefault("CUDA_DEVICE_ORDER", "PCI_BUS_ID")
        env.update(RUNGBENCH_TRIAL=str(training["index"]), RUNGBENCH_ATTEMPT="0", RUNGBENCH_RESTARTS="0")
        env.update(RUNGBENCH_WORKER=str(slot), RUNGBENCH_TRIAL_DIR=str(logs))
        return env

    def _wait(self, selector: selectors.BaseSelector) -> None:
        now = time.monotonic()
        pause = 0.005 if any(each.child.closing or each.child.failure for each in self.running) else 0.25
        for key, _events in selector.select(max(0.0, min(pause, self.until - now))):
            if isinstance(key.data, Child):
                key.data.read(key.fd)
            else:
                key.fileobj.recv(4096)  # type: ignore[union-attr]
        for each in self.running:
            if time.monotonic() - each.child.began > self.timeout and not each.overdue:
                each.overdue = True
                each.child.collector.fault = f"ran longer than {js_text(float(self.timeout))} s"
                each.child.end()

    def _collect(self) -> None:
        for each in [running for running in self.running if running.child.gone()]:
            self.running.remove(each)
            self._finish(each)

    def _finish(self, each: Running) -> None:
        child, training = each.child, each.training
        result = child.collector.result(child.failure)
        if self.args.alone:
            result = alone_result(result, self.args.levels)
        described = None if child.collector.data is None else compact(journal_value(child.collector.data))
        entry = {
            "event": self.args.event,
            **{key: training[key] for key in ("index", "configuration", "repetition", "seed", "config")},
            **result,
            **({"data": child.collector.data} if described not in (None, self._data) and not self.args.alone else {}),
            "startedAt": each.started_at,
            "endedAt": now_text(),
            "worker": each.slot,
            "load": [each.load, os.getloadavg()[0]],
            "shared": each.shared,
            "device": each.device or device_said(child.collector.data),
        }
        self.journal.append(entry)
        self._note(entry)
        self.ended += 1
        if entry["ended"] != "failed":
            self.failures = 0
            shutil.rmtree(child.logs, ignore_errors=True)
        else:
            self.failures += 1
            if self.failures >= FAILURES_IN_A_ROW:
                raise Hopeless(
                    f"{self.failures} trainings in a row failed, the last: {entry['reason']} (its output is in "
                    f"{child.logs}); everything recorded is kept: put the program right and run the same command again"
                )
        self._progress()

    def _note(self, entry: Mapping[str, Any]) -> None:
        """Learns from a line how long trainings take, and what was said about the data."""
        if entry.get("event") == "training" and entry.get("data") is not None:
            self._data = compact(journal_value(entry["data"]))
        if entry.get("event") == self.args.event and entry["ended"] != "failed":
            kind = kind_of(entry["config"])
            seconds = seconds_between(entry["startedAt"], entry["endedAt"])
            self._longest[kind] = max(self._longest.get(kind, 0.0), seconds)

    def _estimate(self, training: Mapping[str, Any]) -> float:
        """Seconds a training may take: the longest of its kind so far, else the longest of all; at first 0."""
        now = time.monotonic()
        kind = kind_of(training["config"])
        alike = [now - each.child.began for each in self.running if kind_of(each.training["config"]) == kind]
        return max([self._longest.get(kind, max(self._longest.values(), default=0.0)), *alike])

    def _progress(self) -> None:
        planned, done = self.planned(), self.lines()
        left = sum(not self._settled(done.get(training["index"], [])) for training in planned)
        if time.monotonic() < self._shown + 5 and left:
            return
        self._shown = time.monotonic()
        done_now = f"{len(self.running)} running, {self.ended} ended in this call"
        warn(f"{len(planned) - left}/{len(planned)} trainings, {done_now}")

    def _end_all(self, selector: selectors.BaseSelector) -> None:
        """Ends what runs; nothing of it is kept, the next call runs it again."""
        for each in self.running:
            each.child.end()
        while self.running:
            for key, _events in selector.select(0.02):
                if isinstance(key.data, Child):
                    key.data.read(key.fd)
                else:
                    key.fileobj.recv(4096)  # type: ignore[union-attr]
            for each in [running for running in self.running if running.child.gone()]:
                shutil.rmtree(each.child.logs, ignore_errors=True)
                self.running.remove(each)
        # Unless something is in it, or it was never made.
        with contextlib.suppress(OSError):
            os.rmdir(f"{self.args.journal}.logs")


class Hopeless(Exception):
    """Trainings fail one after the other."""


class Wakeup:
    """Signals, also of children that end, wake the selector up."""

    def __init__(self, selector: selectors.BaseSelector) -> None:
        self.pair = socket.socketpair()
        for end in self.pair:
            end.setblocking(False)
        selector.register(self.pair[0], selectors.EVENT_READ)

    def __enter__(self) -> None:
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.before = signal.set_wakeup_fd(self.pair[1].fileno(), warn_on_full_buffer=False)

    def __exit__(self, *_: object) -> None:
        signal.set_wakeup_fd(self.before)
        for end in self.pair:
            end.close()


def alone_result(result: Mapping[str, Any], levels: int) -> dict[str, Any]:
    """What a pass alone keeps of a training: times and finite static metrics of its first levels, no curves."""
    enough = len(result["elapsed"]) >= levels
    return {
        "ended": "completed" if enough else "failed",
        "reason": "" if enough else result["reason"],
        "elapsed": result["elapsed"][:levels],
        "statics": {name: value for name, value in result["statics"].items() if math.isfinite(value)},
        **{key: result[key] for key in ("elapsedSource", "startup", "startupSource")},
    }


def device_said(data: Mapping[str, Any] | None) -> str:
    """Where it was given no GPU: what the program says it runs on, else the processor."""
    device = (data or {}).get("device")
    return device if isinstance(device, str) and device else "cpu"


def kind_of(config: Mapping[str, Any]) -> tuple[Any, ...]:
    """Configurations of one kind, e.g. of one model, differ in numbers only."""
    return tuple(value for value in config.values() if isinstance(value, (str, bool)))


def program_command(plan: Mapping[str, Any], args: argparse.Namespace) -> list[str]:
    """Program and leading arguments, as they are here."""
    first, *rest = plan["program"]["command"]
    if PYTHON.fullmatch(first):
        first = args.python or sys.executable
    found = shutil.which(first) or shutil.which(str(args.program / first))
    if found is None:
        raise UsageError(f"there is no program {first} here; install it, or name a Python with --python")
    if plan["program"].get("workingDirectory") == "trial":
        # The paths of files hold wherever the program runs.
        rest = [str(args.program / part) if (args.program / part).is_file() else part for part in rest]
    return [found, *rest]


# --- the command line -------------------------------------------------------------------------------------------------


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see --help")


def whole(text: str) -> int:
    """A number from 1 on."""
    if not re.fullmatch(r"[1-9]\d{0,5}", text):
        raise argparse.ArgumentTypeError(f'must be a whole number from 1 on, got "{text}"')
    return int(text)


def minutes(text: str) -> float:
    """A number above 0."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f'must be a number above 0, got "{text}"')
    return value


def variable(text: str) -> tuple[str, str]:
    """NAME=VALUE"""
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError(f'must be NAME=VALUE, got "{text}"')
    return name, value


def parse_arguments(argv: Sequence[str]) -> argparse.Namespace:
    """The command line; raises ``UsageError``."""
    parser = Parser(
        prog="drive.py", description="Runs the trainings of a plan; the same command goes on where it ended."
    )
    add = parser.add_argument
    add("plan", help="what bench record NAME --plan-out wrote")
    add("--program", required=True, type=Path, metavar="DIR", help="the folder in which the program's paths start")
    add("--data", type=Path, metavar="DIR", help="the folder with the training data")
    add("--journal", required=True, metavar="FILE", help="one line per ended training; made, or gone on with")
    add("--python", metavar="EXE", help="runs programs written in Python (default: the Python that runs this)")
    add("--gpus", default="all", metavar="all|none|0,1", help="GPUs to train on (default: all there are)")
    add("--trials-per-gpu", type=whole, metavar="N", help="trainings at a time on each GPU (default: 1)")
    add("--workers", type=whole, metavar="N", help="trainings at a time on all GPUs together, or on the processor")
    add("--minutes", type=minutes, metavar="M", help="be gone after so many minutes")
    add("--limit", type=whole, metavar="N", help="end after so many trainings")
    add("--env", action="append", default=[], type=variable, metavar="K=V", help="added to the environment")
    add("--alone", action="store_true", help="second pass: each recorded configuration once, its device to itself")
    add("--alone-levels", type=whole, metavar="K", help="end trainings of that pass after K levels (default: all)")
    args = parser.parse_args(argv)
    args.program = args.program.resolve()
    args.data = None if args.data is None else args.data.resolve()
    args.env = dict(args.env)
    if args.trials_per_gpu is not None and args.workers is not None:
        raise UsageError("give --trials-per-gpu or --workers, not both")
    if args.alone and (args.trials_per_gpu or args.workers):
        raise UsageError("--alone runs one training per device; drop --trials-per-gpu and --workers")
    if args.alone_levels is not None and not args.alone:
        raise UsageError("--alone-levels is for --alone; add --alone")
    args.event = "alone" if args.alone else "training"
    return args


def drive(args: argparse.Namespace) -> int:
    """Runs one session and gives the exit status."""
    plan = read_plan(args.plan)
    check_program(plan, args.program)
    check_data(plan, args.data)
    found = choose_gpus(args.gpus, list_gpus() if args.gpus == "all" else [])
    each: int = plan["program"].get("gpus", 1)
    if 0 < len(found) < each:
        raise UsageError(f"a training takes {each} GPUs, and there are {len(found)}; add --gpus none to do without")
    gpus = [found[i : i + each] for i in range(0, len(found) - each + 1, each)] if each else []
    if args.trials_per_gpu is not None and not gpus:
        raise UsageError("--trials-per-gpu needs GPUs, and there are none; give --workers to train on the processor")
    args.slots = args.workers or max(1, len(gpus)) * (args.trials_per_gpu or 1)
    levels: int = plan["resource"]["levels"]
    args.levels = args.alone_levels or levels
    if args.levels > levels:
        raise UsageError(f"--alone-levels must be from 1 to {levels}, got {args.levels}")
    program_command(plan, args)
    journal = Journal(args.journal, plan["header"])
    try:
        session = Session(plan, journal, args, gpus)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, session.on_signal)
        session.run()
        return summary(session)
    finally:
        journal.close()


def summary(session: Session) -> int:
    """Says how far it is; gives the exit status."""
    planned, lines = session.planned(), session.lines()
    done = [training for training in planned if training["index"] in lines]
    failed = [training for training in done if lines[training["index"]][-1]["ended"] == "failed"]
    configurations = {training["configuration"] for training in planned}
    whole_ones = len(configurations - {each["configuration"] for each in planned if each["index"] not in lines})
    kind = "trainings alone" if session.args.alone else "trainings"
    print(f"{len(done)} of {len(planned)} {kind} ({whole_ones} whole configurations) are in {session.args.journal}")
    if len(done) < len(planned):
        print(f"Go on: {shlex.join([sys.executable, *sys.argv])}")
    if failed:
        warn(
            f"drive.py: {len(failed)} failed; the journal says why, and {session.args.journal}.logs holds their output"
        )
    if session.signal and len(done) < len(planned):
        return 128 + session.signal
    return 1 if failed else 0


def main(argv: Sequence[str]) -> int:
    """Runs the program and gives its exit status."""
    began = time.monotonic()
    try:
        args = parse_arguments(argv)
        args.began = began
        return drive(args)
    except (UsageError, Hopeless) as error:
        warn(f"drive.py: {error}")
        return 2 if isinstance(error, UsageError) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
