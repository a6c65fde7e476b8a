"""The training program: reads its arguments, fine-tunes one model, prints one report line per epoch.

Exit status 0: done; 1: failed; 2: an argument or the data has to be put right.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict

BEGAN = time.perf_counter()

from arguments import Arguments, parse_arguments  # noqa: E402
from data import Examples, GlueData, read_folder, read_hub  # noqa: E402
from errors import UsageError  # noqa: E402
from report import report  # noqa: E402
from tasks import TASKS  # noqa: E402

DATA_TAG = "[data]: "
TUNED = ("learning_rate", "batch_size", "warmup_ratio", "weight_decay", "seed")
"""Arguments that may change at a checkpoint, as population-based training does."""
NOT_TRAINED = ("data", "st_checkpoint_dir", "latency_passes")
"""Arguments that do not change what is trained."""


def main(argv: Sequence[str]) -> int:
    """Runs the program and gives its exit status."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        train(parse_arguments(argv))
    except UsageError as error:
        print(f"train.py: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # Nobody reads the reports any more. Python would complain again when it closes standard output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def train(args: Arguments) -> None:
    """Trains and reports. Raises ``UsageError`` for what the user can put right."""
    task = TASKS[args.task]
    glue = read_hub(task, args.split_seed) if args.data is None else read_folder(args.data, task, args.split_seed)
    train_part, validation_part, test_part = _limited(args, glue)

    # PyTorch takes seconds to load: not before arguments and data are known to be right.
    from checkpoint import load_checkpoint, save_checkpoint
    from device import choose_device, make_deterministic, seed_everything
    from inputs import Inputs
    from latency import measure_latency
    from model import load_model
    from trainer import Trainer

    if args.deterministic:
        make_deterministic()
    device = choose_device(args)
    seed_everything(args.seed)
    loaded = load_model(args.model, args.layers, task.outputs)
    model = loaded.model.to(device.device)
    described = {
        "train": len(train_part),
        "validation": len(validation_part),
        "test": len(test_part),
        "test_file": glue.test_file,
        "skipped": glue.skipped,
        "sha256": dict(glue.sha256),
        "weights": loaded.sha256,
        "device": device.name,
        "gpus": device.gpus,
        "precision": device.precision,
        "versions": _versions(),
    }
    print(DATA_TAG + json.dumps(described), flush=True)
    latency = measure_latency(
        model, loaded.tokenizer, validation_part, args.max_length, device.device, args.latency_passes
    )
    train_inputs, validation, test = (
        Inputs(part, loaded.tokenizer, args.max_length, task.outputs, device.device)
        for part in (train_part, validation_part, test_part)
    )
    seed_everything(args.seed)
    trainer = Trainer(model, args, task, device, train_inputs)
    identity = _identity(args, glue, loaded.sha256, device.precision)
    if args.st_checkpoint_dir is not None:
        saved = load_checkpoint(args.st_checkpoint_dir, identity)
        if saved is not None:
            trainer.restore(saved["trainer"])
            # Whoever read the last report may have been killed before it counted.
            report(**saved["report"])
    startup = time.perf_counter() - BEGAN

    while trainer.epoch < args.epochs:
        start = time.perf_counter()
        train_loss = trainer.train_epoch()
        scores = {"validation": trainer.evaluate(validation), "test": trainer.evaluate(test)}
        results = {f"{part}_{name}": value for part, found in scores.items() for name, value in found.items()}
        if trainer.diverged:
            results = dict.fromkeys(results, float("nan"))
        # To the microsecond, and later than the epoch before whatever the resolution of the clock.
        trainer.elapsed = round(trainer.elapsed + max(1e-6, time.perf_counter() - start), 6)
        line = {
            "epoch": trainer.epoch,
            "elapsed_time": trainer.elapsed,
            "cpu_time": round(time.process_time(), 6),
            "startup_time": round(startup, 6),
            **results,
            "train_loss": train_loss,
            "latency_ms": round(latency, 6),
            "parameters": loaded.parameters,
            "peak_memory_mib": round(device.peak_memory(), 3),
        }
        if args.st_checkpoint_dir is not None:
            save_checkpoint(args.st_checkpoint_dir, identity, {"trainer": trainer.state(), "report": line})
        report(**line)


def _limited(args: Arguments, glue: GlueData) -> list[Examples]:
    """The three parts, cut to the numbers of examples that were asked for."""
    limits = (args.max_train_examples, args.max_eval_examples, args.max_eval_examples)
    parts = (glue.train, glue.validation, glue.test)
    return [
        part if limit is None else part.pick(range(min(limit, len(part))))
        for part, limit in zip(parts, limits, strict=True)
    ]


def _identity(args: Arguments, glue: GlueData, weights: str, precision: str) -> str:
    """What a checkpoint must agree with: what is trained on what, and the contents of data and weights."""
    chosen = {name: value for name, value in asdict(args).items() if name not in (*TUNED, *NOT_TRAINED)}
    return json.dumps({**chosen, "precision": precision, "sha256": dict(glue.sha256), "weights": weights})


def _versions() -> dict[str, str]:
    import torch
    import transformers

    python = ".".join(str(part) for part in sys.version_info[:3])
    return {"python": python, "torch": torch.__version__, "transformers": transformers.__version__}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
