"""The program as a whole, on the tiny model."""

from __future__ import annotations

import json
import math
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from conftest import TIMES, Run, learned

import train
from checkpoint import CURRENT, load_checkpoint
from tasks import TASKS


@pytest.mark.parametrize("name", TASKS)
def test_trains_every_task(run: Run, name: str) -> None:
    reports = run(task=name, epochs=2)
    assert [entry["epoch"] for entry in reports] == [1, 2]
    metrics = ["error", "loss", *TASKS[name].metrics]
    expected = {f"{part}_{metric}" for part in ("validation", "test") for metric in metrics}
    assert set(reports[0]) == expected | TIMES | {"epoch", "train_loss", "parameters"}
    for entry in reports:
        assert all(math.isfinite(value) for value in entry.values())
        main = next(iter(TASKS[name].metrics))
        assert entry["test_error"] == 1 - entry[f"test_{main}"]
    assert 0 < reports[0]["elapsed_time"] < reports[1]["elapsed_time"]


def test_learns(run: Run) -> None:
    reports = run(task="sst2", epochs=15, learning_rate=3e-3, warmup_ratio=0.1, weight_decay=0.01)
    assert reports[-1]["test_accuracy"] == 1
    assert reports[-1]["train_loss"] < 0.5 * reports[0]["train_loss"]


def test_the_same_seed_gives_the_same_numbers(run: Run) -> None:
    first, again, other = (learned(run(learning_rate=1e-3, seed=seed)) for seed in (7, 7, 8))
    assert first == again
    assert first != other


@pytest.mark.parametrize("task", ["rte", "stsb"])
@pytest.mark.parametrize("stops_after", [1, 2])
def test_a_resumed_training_equals_one_in_a_piece(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, task: str, stops_after: int
) -> None:
    given = {"task": task, "learning_rate": 1e-3, "warmup_ratio": 0.5, "weight_decay": 0.1}
    whole = run(**given, st_checkpoint_dir=tmp_path / "whole")
    begun: list[dict[str, Any]] = []

    def stop(**metrics: object) -> None:
        begun.append(metrics)
        if len(begun) == stops_after:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(train, "report", stop)
        with pytest.raises(KeyboardInterrupt):
            run(**given, st_checkpoint_dir=tmp_path / "parts")
    # What happens to the random numbers of this process in between must not matter.
    torch.rand(5)
    random.random()
    np.random.rand()
    resumed = run(**given, st_checkpoint_dir=tmp_path / "parts")
    # The level of the checkpoint is reported again, to the last bit: its report may have been lost.
    assert resumed[0] == begun[-1]
    assert [entry["epoch"] for entry in resumed] == list(range(stops_after, 4))
    assert learned(begun[:-1] + resumed) == learned(whole)
    assert final_state(tmp_path / "parts") == final_state(tmp_path / "whole")


def final_state(folder: Path) -> str:
    """All of the last checkpoint but the time, bit for bit."""
    identity = json.loads(json.dumps(_identity_of(folder)))
    saved = load_checkpoint(str(folder), identity)
    assert saved is not None
    state = saved["trainer"]
    del state["elapsed"]
    return _text(state)


def _identity_of(folder: Path) -> str:
    from checkpoint import CURRENT, _read

    return _read(folder / CURRENT)["identity"]


def _text(value: object) -> str:
    if isinstance(value, torch.Tensor):
        return value.numpy().tobytes().hex()
    if isinstance(value, dict):
        return str({key: _text(inner) for key, inner in value.items()})
    return str([_text(inner) for inner in value]) if isinstance(value, (list, tuple)) else repr(value)


def test_a_finished_training_reports_its_end_again(run: Run, tmp_path: Path) -> None:
    reports = run(epochs=2, st_checkpoint_dir=tmp_path)
    assert run(epochs=2, st_checkpoint_dir=tmp_path) == reports[-1:]


def test_goes_on_with_other_hyperparameters(run: Run, tmp_path: Path) -> None:
    """As population-based training does: from a copy of the checkpoint, with another learning rate."""
    given = {"epochs": 3, "batch_size": 8, "learning_rate": 1e-3, "weight_decay": 0.1}
    whole = run(**given, st_checkpoint_dir=tmp_path / "donor")
    shutil.copytree(tmp_path / "donor", tmp_path / "same")
    (tmp_path / "same" / CURRENT).unlink()  # leaves the checkpoint of epoch 2
    shutil.copytree(tmp_path / "same", tmp_path / "other")
    same = run(**given, st_checkpoint_dir=tmp_path / "same")
    other = run(**{**given, "learning_rate": 1e-2, "batch_size": 4}, st_checkpoint_dir=tmp_path / "other")
    assert learned(same) == learned(whole[1:])
    assert [entry["epoch"] for entry in other] == [2, 3]
    assert learned(other[:1]) == learned(whole[1:2])
    assert learned(other[1:]) != learned(whole[2:])


def test_a_checkpoint_of_other_arguments_is_refused(
    run: Run, tmp_path: Path, glue: str, tiny: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run(epochs=1, st_checkpoint_dir=tmp_path)
    argv = ["--task", "rte", "--data", glue, "--model", tiny, "--epochs", "2", "--st_checkpoint_dir", str(tmp_path)]
    assert train.main(argv) == 2
    assert "holds a checkpoint of other arguments" in capsys.readouterr().err


def test_a_killed_process_goes_on(run: Run, glue: str, tiny: str, tmp_path: Path) -> None:
    given = {"task": "rte", "learning_rate": 1e-3, "epochs": 40, "batch_size": 8, "latency_passes": 1}
    options = {**given, "data": glue, "model": tiny, "st_checkpoint_dir": tmp_path}
    command = [sys.executable, train.__file__, *(f"--{name}={value}" for name, value in options.items())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        seen = [line for line in (program.stdout.readline() for _ in range(4)) if "tune-metric" in line]
        time.sleep(0.05)
        program.kill()
        seen += [line for line in program.stdout.read().splitlines(keepends=True) if line.startswith("[tune-metric]")]
    before = [json.loads(line.removeprefix("[tune-metric]: ")) for line in seen if line.endswith("}\n")]
    after = run(**given, st_checkpoint_dir=tmp_path)
    reports = {entry["epoch"]: entry for entry in [*before, *after]}
    assert len(after) > 0
    assert sorted(reports) == list(range(1, 41))
    whole = [entry for entry in run(**given) if entry["epoch"] in reports]
    assert learned(list(reports.values())) == learned(whole)


def test_a_diverged_training_reports_nan_and_stays_so(run: Run, tmp_path: Path) -> None:
    reports = run(learning_rate=1e20, epochs=3, st_checkpoint_dir=tmp_path)
    assert [entry["epoch"] for entry in reports] == [1, 2, 3]
    for name in ("validation_error", "validation_loss", "test_accuracy", "train_loss"):
        assert math.isnan(reports[-1][name])
    assert reports[-1]["parameters"] > 0


def test_limits_examples(run: Run, capsys: pytest.CaptureFixture[str], glue: str, tiny: str) -> None:
    argv = ["--task", "rte", "--data", glue, "--model", tiny, "--epochs", "1", "--latency_passes", "1"]
    assert train.main([*argv, "--max_train_examples", "16", "--max_eval_examples", "5"]) == 0
    first = capsys.readouterr().out.splitlines()[0]
    described = json.loads(first.removeprefix("[data]: "))
    assert (described["train"], described["validation"], described["test"]) == (16, 5, 5)
    assert (described["device"], described["precision"]) == ("cpu", "fp32")
    assert set(described["sha256"]) == {"train.tsv", "dev.tsv"}


def test_bfloat16_trains_single_precision_weights(run: Run, tmp_path: Path) -> None:
    reports = run(epochs=1, precision="bf16", learning_rate=1e-3, st_checkpoint_dir=tmp_path)
    exact = run(epochs=1, learning_rate=1e-3)
    assert reports[0]["test_loss"] == pytest.approx(exact[0]["test_loss"], rel=0.05)
    assert reports[0]["test_loss"] != exact[0]["test_loss"]
