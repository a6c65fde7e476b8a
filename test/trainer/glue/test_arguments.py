"""Arguments, and that bad input ends with one clear line and status 2."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import train
from arguments import parse_arguments
from errors import UsageError


def test_has_the_defaults_of_the_founding_study() -> None:
    args = parse_arguments(["--task", "mrpc"])
    assert (args.learning_rate, args.batch_size, args.warmup_ratio, args.weight_decay) == (2e-5, 32, 0.0, 0.0)
    assert (args.epochs, args.max_length, args.seed) == (3, 128, 0)


def test_takes_whole_numbers_that_were_written_as_reals() -> None:
    args = parse_arguments(["--task", "mrpc", "--batch_size", "16.0", "--seed", "9007199254740991"])
    assert (args.batch_size, args.seed) == (16, 2**53 - 1)


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ("", "required: --task"),
        (
            "--task imdb",
            '--task: must be one of cola, sst2, mrpc, qqp, stsb, mnli, mnli-mm, qnli, rte, wnli, got "imdb"',
        ),
        ("--task rte --learning_rate 0", '--learning_rate: must be a number above 0 and at most 1e+30, got "0"'),
        ("--task rte --learning_rate nan", '--learning_rate: must be a number above 0 and at most 1e+30, got "nan"'),
        ("--task rte --batch_size 1.5", '--batch_size: must be a whole number of at least 1, got "1.5"'),
        ("--task rte --warmup_ratio 1.1", '--warmup_ratio: must be a number from 0 to 1, got "1.1"'),
        ("--task rte --weight_decay -1", '--weight_decay: must be a number of at least 0, got "-1"'),
        ("--task rte --seed inf", "--seed: must be a whole number from 0 to"),
        ("--task rte --precision int8", '--precision: must be one of auto, fp32, bf16, fp16, got "int8"'),
        ("--task rte --batch 8", "unrecognized arguments: --batch 8"),
        ("--task rte --epochs", "--epochs: expected one argument"),
        ("--task rte --device cpu --gpus 2", "--gpus: must be 1 with --device cpu, got 2"),
    ],
)
def test_refuses_what_is_wrong(argv: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_arguments(argv.split())
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"data": "/nowhere"}, '--data: must hold RTE/train.tsv and RTE/dev.tsv or test.tsv, got no file "/nowhere'),
        ({"layers": 4}, "--layers: must be from 1 to 3 for the model"),
        ({"model": "/"}, '--model: must be a folder with a config.json, got "/"'),
        ({"model": "no-such-model"}, '--model: "no-such-model" cannot be loaded'),
        ({"device": "cuda"}, "--device: cuda needs a GPU"),
        ({"gpus": 2}, "--gpus: must be at most the GPUs there are, 0, got 2"),
        ({"precision": "fp16"}, "--precision: fp16 needs a GPU"),
    ],
)
def test_ends_with_one_line_and_status_2(
    given: dict[str, object], said: str, glue: str, tiny: str, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = {"task": "rte", "data": glue, "model": tiny, **given}
    assert train.main([text for name, value in chosen.items() for text in (f"--{name}", str(value))]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"train.py: {said}")
    assert error.count("\n") == 1


def test_arguments_are_refused_before_pytorch_is_loaded() -> None:
    program = Path(train.__file__)
    code = (
        f"import sys; sys.path.insert(0, {str(program.parent)!r}); import train;"
        "status = train.main(['--task', 'x']); print(status, 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "2 False"
