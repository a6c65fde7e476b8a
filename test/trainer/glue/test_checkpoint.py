"""Checkpoints that are whole, or not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch

from checkpoint import CURRENT, PREVIOUS, load_checkpoint, save_checkpoint
from errors import UsageError


def save(folder: Path, epoch: int) -> None:
    save_checkpoint(str(folder), "me", {"epoch": epoch, "values": torch.full((100,), float(epoch))})


def epoch(folder: Path) -> int | None:
    state = load_checkpoint(str(folder), "me")
    assert state is None or torch.equal(state["values"], torch.full((100,), float(state["epoch"])))
    return None if state is None else state["epoch"]


def test_gives_what_was_saved_last(tmp_path: Path) -> None:
    assert epoch(tmp_path / "new") is None
    for number in (1, 2, 3):
        save(tmp_path / "new", number)
        assert epoch(tmp_path / "new") == number
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == sorted([CURRENT, PREVIOUS])


@pytest.mark.parametrize("share", [0, 0.01, 0.5, 0.99])
def test_a_torn_checkpoint_is_passed_over(tmp_path: Path, share: float, capsys: pytest.CaptureFixture[str]) -> None:
    save(tmp_path, 1)
    save(tmp_path, 2)
    content = (tmp_path / CURRENT).read_bytes()
    (tmp_path / CURRENT).write_bytes(content[: int(share * len(content))])
    assert epoch(tmp_path) == 1
    assert "is damaged and passed over" in capsys.readouterr().err


def test_one_wrong_bit_is_seen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save(tmp_path, 1)
    content = bytearray((tmp_path / CURRENT).read_bytes())
    content[-100] ^= 1
    (tmp_path / CURRENT).write_bytes(content)
    assert epoch(tmp_path) is None
    assert "its checksum is wrong" in capsys.readouterr().err


@pytest.mark.parametrize("survives", range(4))
def test_survives_being_killed_at_any_step(tmp_path: Path, survives: int, monkeypatch: pytest.MonkeyPatch) -> None:
    save(tmp_path, 1)
    save(tmp_path, 2)
    steps = 0

    def killed(real: object) -> object:
        def step(*given: object) -> object:
            nonlocal steps
            if steps == survives:
                raise KeyboardInterrupt
            steps += 1
            return real(*given)

        return step

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", killed(os.fsync))
        patched.setattr(os, "replace", killed(os.replace))
        with pytest.raises(KeyboardInterrupt):
            save(tmp_path, 3)
    # fsync, current to previous, new to current, fsync of the folder
    assert epoch(tmp_path) == (3 if survives == 3 else 2)
    save(tmp_path, 4)
    assert epoch(tmp_path) == 4


def test_refuses_the_checkpoint_of_another_training(tmp_path: Path) -> None:
    save(tmp_path, 1)
    with pytest.raises(UsageError, match="holds a checkpoint of other arguments, data or weights"):
        load_checkpoint(str(tmp_path), "somebody else")
