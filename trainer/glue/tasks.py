"""The nine tasks of GLUE: where their columns are, what is learnt, how it is scored."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from metrics import Numbers, accuracy, f1, matthews, pearson, spearman

Metric = Callable[[Numbers, Numbers], float]


@dataclass(frozen=True)
class Task:
    """One task in the layout of GLUE's own files."""

    folder: str
    """Folder of the task below the data folder."""
    texts: Sequence[str | int]
    """The columns of the one or two texts: names in the header line, or positions from 0 where there is no header."""
    label: str | int
    """The column of the label, likewise."""
    labels: Sequence[str] | None
    """The labels as written, class 0 first; None: the label is a score from 0 to 5."""
    metrics: Mapping[str, Metric]
    """Metrics by name, the main one first; the error is 1 minus the main one."""
    test_files: Sequence[str] = ("dev.tsv", "test.tsv")
    """What may serve as the test set; the first that there is."""
    hub: tuple[str, str] = ("", "validation")
    """Configuration and evaluation split of the data set ``nyu-mll/glue``."""
    hub_texts: Sequence[str] | None = None
    """The columns of the texts there, where they have other names."""
    broken_rows: bool = False
    """The official file has rows with columns missing; they are left out and counted."""

    @property
    def outputs(self) -> int:
        """Outputs of the model: one per class, or one score."""
        return 1 if self.labels is None else len(self.labels)


_BINARY = ("0", "1")
_ENTAILMENT = ("entailment", "not_entailment")
_NLI = ("entailment", "neutral", "contradiction")


def _mnli(part: str) -> Task:
    return Task(
        folder="MNLI",
        texts=("sentence1", "sentence2"),
        label="gold_label",
        labels=_NLI,
        metrics={"accuracy": accuracy},
        test_files=(f"dev_{part}.tsv",),
        hub=("mnli", f"validation_{part}"),
        hub_texts=("premise", "hypothesis"),
    )


TASKS: Mapping[str, Task] = {
    "cola": Task(
        "CoLA",
        (3,),
        1,
        _BINARY,
        {"matthews": matthews, "accuracy": accuracy},
        hub=("cola", "validation"),
        hub_texts=("sentence",),
    ),
    "sst2": Task("SST-2", ("sentence",), "label", _BINARY, {"accuracy": accuracy}, hub=("sst2", "validation")),
    "mrpc": Task(
        "MRPC",
        ("#1 String", "#2 String"),
        "Quality",
        _BINARY,
        {"accuracy": accuracy, "f1": f1},
        hub=("mrpc", "validation"),
        hub_texts=("sentence1", "sentence2"),
    ),
    "qqp": Task(
        "QQP",
        ("question1", "question2"),
        "is_duplicate",
        _BINARY,
        {"accuracy": accuracy, "f1": f1},
        hub=("qqp", "validation"),
        broken_rows=True,
    ),
    "stsb": Task(
        "STS-B",
        ("sentence1", "sentence2"),
        "score",
        None,
        {"spearman": spearman, "pearson": pearson},
        hub=("stsb", "validation"),
    ),
    "mnli": _mnli("matched"),
    "mnli-mm": _mnli("mismatched"),
    "qnli": Task(
        "QNLI", ("question", "sentence"), "label", _ENTAILMENT, {"accuracy": accuracy}, hub=("qnli", "validation")
    ),
    "rte": Task(
        "RTE", ("sentence1", "sentence2"), "label", _ENTAILMENT, {"accuracy": accuracy}, hub=("rte", "validation")
    ),
    "wnli": Task(
        "WNLI", ("sentence1", "sentence2"), "label", _BINARY, {"accuracy": accuracy}, hub=("wnli", "validation")
    ),
}
"""The tasks by name; ``mnli-mm`` is MNLI with the mismatched evaluation set."""
