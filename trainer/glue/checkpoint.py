"""Checkpoints on disk: written whole or not at all, checked when read, the one before kept in case the last is damaged.

A checkpoint is a file: a line with a format name and the checksum of what follows, then what ``torch.save`` makes of
the state.
"""

from __future__ import annotations

import hashlib
import io
import os
import sys
from pathlib import Path
from typing import Any

import torch

from errors import UsageError

FORMAT = b"rungbench-glue-checkpoint-1"
CURRENT = "checkpoint.pt"
PREVIOUS = "checkpoint.previous.pt"


def save_checkpoint(directory: str, identity: str, state: dict[str, Any]) -> None:
    """Writes ``state`` beside the last checkpoint, flushes it to the disk, and only then takes its place.

    ``identity`` says what was trained on what: a checkpoint is only used by the same training.
    """
    folder = Path(directory)
    folder.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    torch.save({"identity": identity, "state": state}, buffer)
    content = buffer.getvalue()
    new = folder / f"{CURRENT}.new"
    with new.open("wb") as file:
        file.write(FORMAT + b" " + hashlib.sha256(content).hexdigest().encode() + b"\n")
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if (folder / CURRENT).exists():
        os.replace(folder / CURRENT, folder / PREVIOUS)
    os.replace(new, folder / CURRENT)
    _sync(folder)


def load_checkpoint(directory: str, identity: str) -> dict[str, Any] | None:
    """The state of the last checkpoint, of the one before if that is damaged, or None.

    Tells on standard error what it passes over. Raises ``UsageError`` for a checkpoint of another training.
    """
    for name in (CURRENT, PREVIOUS):
        path = Path(directory) / name
        if not path.exists():
            continue
        try:
            found = _read(path)
        except (OSError, ValueError) as error:
            print(f'train.py: the checkpoint "{path}" is damaged and passed over: {error}', file=sys.stderr)
            continue
        if found["identity"] != identity:
            raise UsageError(
                f'--st_checkpoint_dir: "{directory}" holds a checkpoint of other arguments, data or weights; '
                "give an empty folder, or the arguments it was made with"
            )
        return found["state"]
    return None


def _read(path: Path) -> dict[str, Any]:
    header, _, content = path.read_bytes().partition(b"\n")
    format_name, _, checksum = header.partition(b" ")
    if format_name != FORMAT:
        raise ValueError("it does not begin as a checkpoint does")
    if hashlib.sha256(content).hexdigest().encode() != checksum:
        raise ValueError("its checksum is wrong")
    return torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)


def _sync(folder: Path) -> None:
    """Makes the renames last; folders cannot be flushed everywhere."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
