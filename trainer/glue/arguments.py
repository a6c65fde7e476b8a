"""The arguments of one training, as ``--name value``; one clear line for what is wrong with them."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import NoReturn

from data import SPLIT_SEED
from errors import UsageError
from tasks import TASKS


@dataclass(frozen=True)
class Arguments:
    """What is trained, how, and where things are kept."""

    task: str
    data: str | None
    model: str
    layers: int | None
    learning_rate: float
    batch_size: int
    warmup_ratio: float
    weight_decay: float
    epochs: int
    seed: int
    split_seed: int
    max_length: int
    max_train_examples: int | None
    max_eval_examples: int | None
    device: str
    gpus: int
    precision: str
    deterministic: bool
    latency_passes: int
    st_checkpoint_dir: str | None


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(message.replace("argument --", "--"))


def parse_arguments(argv: Sequence[str]) -> Arguments:
    """Reads the arguments. Raises ``UsageError`` that names the argument, the value, the rule and the cure."""
    parser = _Parser(
        prog="train.py",
        description="Fine-tunes a Hugging Face encoder on a GLUE task and reports every epoch.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--task", required=True, type=_one_of(*TASKS), metavar="NAME", help=f"one of {', '.join(TASKS)}")
    add("--data", metavar="DIR", help="folder with one folder per task; left out: by name through datasets")
    add("--model", default="minilm", help="a model's name, its folder, or minilm; NAME:N keeps its first N layers")
    add("--layers", type=_whole(1), metavar="N", help="keep the first N layers of the encoder; left out: all")
    add("--learning_rate", default=2e-5, type=_real(0, 1e30, above=True), help="peak step size of AdamW")
    add("--batch_size", default=32, type=_whole(1), help="examples per step, over all GPUs")
    add("--warmup_ratio", default=0.0, type=_real(0, 1), help="share of all steps in which the step size climbs")
    add("--weight_decay", default=0.0, type=_real(0, math.inf), help="decoupled; not of biases and norms")
    add("--epochs", default=3, type=_whole(1), help="also sets the length of the schedule")
    add("--seed", default=0, type=_whole(0, 2**53 - 1), help="head, dropout and order of examples")
    add("--split_seed", default=SPLIT_SEED, type=_whole(0, 2**53 - 1), help="training and validation part")
    add("--max_length", default=128, type=_whole(4), help="longer inputs are cut, in tokens")
    add("--max_train_examples", type=_whole(1), metavar="N", help="train on so many at most")
    add("--max_eval_examples", type=_whole(1), metavar="N", help="validate and test on so many at most, each")
    add("--device", default="auto", type=_one_of("auto", "cpu", "cuda"), help="auto: a GPU if there is one")
    add("--gpus", default=1, type=_whole(1), help="GPUs that share each batch (DataParallel)")
    add("--precision", default="auto", type=_one_of("auto", "fp32", "bf16", "fp16"), help="auto: see the README")
    add("--deterministic", default="true", type=_one_of("true", "false"), help="the same numbers in every run")
    add("--latency_passes", default=300, type=_whole(1), help="single predictions that are timed")
    add("--st_checkpoint_dir", metavar="DIR", help="folder of the checkpoint; left out: none is kept")
    given = vars(parser.parse_args(argv))
    given["deterministic"] = given["deterministic"] == "true"
    if given["device"] == "cpu" and given["gpus"] > 1:
        raise UsageError(f"--gpus: must be 1 with --device cpu, got {given['gpus']}; leave one of them out")
    return Arguments(**{field.name: given[field.name] for field in fields(Arguments)})


def _whole(low: int, high: int | None = None) -> Callable[[str], int]:
    rule = (
        f"must be a whole number of at least {low}" if high is None else f"must be a whole number from {low} to {high}"
    )

    def parse(text: str) -> int:
        # Numbers that passed through JSON may come as "32.0".
        try:
            value = float(text) if not text.lstrip("+-").isdigit() else int(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or value != int(value) or value < low or (high is not None and value > high):
            raise argparse.ArgumentTypeError(f'{rule}, got "{text}"; give a value such as {max(low, 1)}')
        return int(value)

    return parse


def _real(low: float, high: float, above: bool = False) -> Callable[[str], float]:
    bounds = f"above {low:g} and at most {high:g}" if above else f"from {low:g} to {high:g}"
    if high == math.inf:
        bounds = f"of at least {low:g}"

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or not low <= value <= high or (above and value == low):
            raise argparse.ArgumentTypeError(f'must be a number {bounds}, got "{text}"; give one such as 0.1')
        return value

    return parse


def _one_of(*names: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in names:
            raise argparse.ArgumentTypeError(f'must be one of {", ".join(names)}, got "{text}"; give one of these')
        return text

    return parse
