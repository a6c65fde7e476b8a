"""Reads a GLUE task and splits it: 70 % of ``train`` to train on, 30 % to validate on, the evaluation set as test."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from errors import UsageError
from tasks import Task

TRAIN_SHARE = 0.7
"""Share of ``train.tsv`` that is trained on."""

SPLIT_SEED = 31415927
"""Default seed of the split. It is not the seed of a training, so all trainings are validated on the same examples."""

HUB_NAME = "nyu-mll/glue"
"""The data set on the hub that is read when no folder is given."""


@dataclass(frozen=True)
class Examples:
    """Examples of one part."""

    texts: Sequence[tuple[str, ...]]
    """One text per example, or two."""
    gold: Sequence[float]
    """Class from 0, or score from 0 to 5."""

    def __len__(self) -> int:
        return len(self.gold)

    def pick(self, indices: Iterable[int]) -> Examples:
        """The examples at these positions."""
        chosen = list(indices)
        return Examples([self.texts[i] for i in chosen], [self.gold[i] for i in chosen])


@dataclass(frozen=True)
class GlueData:
    """A task's data, split."""

    train: Examples
    validation: Examples
    test: Examples
    test_file: str
    """What served as the test set."""
    sha256: Mapping[str, str]
    """Checksum of each file that was read; of the examples themselves if they came from the hub."""
    skipped: int = 0
    """Rows that were left out because columns are missing (QQP has such rows)."""


def read_folder(directory: str, task: Task, split_seed: int = SPLIT_SEED) -> GlueData:
    """Reads ``train.tsv`` and the evaluation set from a folder that holds one folder per task.

    Raises ``UsageError`` for a missing file or a row that is not as GLUE has it.
    """
    folder = Path(directory) / task.folder
    test_file = next((name for name in task.test_files if (folder / name).is_file()), task.test_files[0])
    sha256: dict[str, str] = {}
    parts: dict[str, Examples] = {}
    skipped = 0
    for name in ("train.tsv", test_file):
        path = folder / name
        if not path.is_file():
            needed = " or ".join(task.test_files)
            raise UsageError(
                f'--data: must hold {task.folder}/train.tsv and {task.folder}/{needed}, got no file "{path}"; '
                f"give the folder above {task.folder}"
            )
        content = path.read_bytes()
        sha256[name] = hashlib.sha256(content).hexdigest()
        parts[name], left_out = parse_examples(content, task, str(path))
        skipped += left_out
    return _split(parts["train.tsv"], parts[test_file], test_file, sha256, split_seed, skipped)


def read_hub(task: Task, split_seed: int = SPLIT_SEED) -> GlueData:
    """Reads a task through the ``datasets`` library, which downloads it or takes it from its cache."""
    try:
        from datasets import load_dataset
    except ImportError:
        raise UsageError(
            '--data: is missing and the package "datasets" is not installed; '
            "give the folder with GLUE's files, or install datasets to get them by name"
        ) from None
    configuration, evaluation = task.hub
    columns = task.hub_texts or [str(column) for column in task.texts]
    parts = []
    for part in ("train", evaluation):
        try:
            rows = load_dataset(HUB_NAME, configuration, split=part)
        except Exception as error:
            reason = " ".join(str(error).split())[:200]
            raise UsageError(f"--data: is missing and {HUB_NAME} cannot be loaded: {reason}; give a folder") from error
        texts = list(zip(*(rows[column] for column in columns), strict=True))
        parts.append(Examples(texts, [float(label) for label in rows["label"]]))
    train, test = parts
    sha256 = {part: _checksum(examples) for part, examples in (("train", train), (evaluation, test))}
    return _split(train, test, f"{HUB_NAME}/{configuration}/{evaluation}", sha256, split_seed, 0)


def parse_examples(content: bytes, task: Task, path: str) -> tuple[Examples, int]:
    """The examples of one tab-separated file, and how many rows were left out. No quoting; blank lines do not count.

    ``path`` is only named in errors. Raises ``UsageError`` for a missing column or a label that the task does not have.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f'--data: "{path}" must be UTF-8, got {error.reason} at byte {error.start}') from None
    # Not splitlines(): texts hold characters that Python, but no tab-separated file, takes for the end of a line.
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    has_header = isinstance(task.label, str)
    header = lines[0].split("\t") if has_header else []

    def position(column: str | int) -> int:
        if isinstance(column, int):
            return column
        if column in header:
            return header.index(column)
        raise UsageError(
            f'--data: "{path}" line 1 must name the column "{column}", got "{" | ".join(header)}"; '
            "give a labelled file in GLUE's layout"
        )

    label = position(task.label)
    columns = [position(column) for column in task.texts]
    needed = max(label, *columns) + 1
    texts: list[tuple[str, ...]] = []
    gold: list[float] = []
    skipped = 0
    for number, line in enumerate(lines, start=1):
        if line == "" or (has_header and number == 1):
            continue
        cells = line.split("\t")
        if len(cells) < needed:
            if task.broken_rows:
                skipped += 1
                continue
            raise UsageError(
                f'--data: "{path}" line {number} must have at least {needed} columns, got {len(cells)}; '
                "give a file in GLUE's layout"
            )
        value = _gold(cells[label], task.labels)
        if value is None:
            raise UsageError(
                f'--data: "{path}" line {number} must have a label of this task, got "{cells[label]}"; '
                "give a labelled file"
            )
        texts.append(tuple(cells[column] for column in columns))
        gold.append(value)
    return Examples(texts, gold), skipped


def split_order(count: int, seed: int) -> list[int]:
    """A seeded order of ``count`` examples, the same with any version of Python: by checksum of seed and position."""
    return sorted(range(count), key=lambda i: hashlib.sha256(f"{seed}/{i}".encode()).digest())


def _split(
    everything: Examples, test: Examples, test_file: str, sha256: Mapping[str, str], seed: int, skipped: int
) -> GlueData:
    cut = round(TRAIN_SHARE * len(everything))
    if cut == 0 or cut == len(everything) or len(test) == 0:
        raise UsageError(
            "--data: must have at least 2 examples to train on and 1 to test on, "
            f"got {len(everything)} and {len(test)}; give complete files"
        )
    order = split_order(len(everything), seed)
    return GlueData(everything.pick(order[:cut]), everything.pick(order[cut:]), test, test_file, sha256, skipped)


def _gold(label: str, labels: Sequence[str] | None) -> float | None:
    if labels is not None:
        return float(labels.index(label)) if label in labels else None
    try:
        score = float(label)
    except ValueError:
        return None
    return score if 0 <= score <= 5 else None


def _checksum(examples: Examples) -> str:
    digest = hashlib.sha256()
    for texts, gold in zip(examples.texts, examples.gold, strict=True):
        digest.update(("\t".join(texts) + f"\t{gold}\n").encode())
    return digest.hexdigest()
