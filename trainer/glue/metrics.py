"""The metrics of GLUE, on numpy arrays. One is NaN if a prediction is; correlations of a constant are 0."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


def accuracy(predicted: Numbers, gold: Numbers) -> float:
    """The share of predictions that are right."""
    return float(np.mean(predicted == gold)) if _usable(predicted) else float("nan")


def f1(predicted: Numbers, gold: Numbers) -> float:
    """F1 of class 1: 2 TP / (2 TP + FP + FN); 0 if there is no class 1 in either."""
    if not _usable(predicted):
        return float("nan")
    hits = float(np.sum((predicted == 1) & (gold == 1)))
    total = float(np.sum(predicted == 1) + np.sum(gold == 1))
    return 2 * hits / total if total > 0 else 0.0


def matthews(predicted: Numbers, gold: Numbers) -> float:
    """Matthews' correlation coefficient of two classes, which is Pearson's of the 0/1 values."""
    return pearson(predicted, gold)


def pearson(predicted: Numbers, gold: Numbers) -> float:
    """Pearson's correlation coefficient."""
    if not _usable(predicted):
        return float("nan")
    a = predicted.astype(np.float64) - np.mean(predicted, dtype=np.float64)
    b = gold.astype(np.float64) - np.mean(gold, dtype=np.float64)
    norm = float(np.sqrt(np.sum(a * a)) * np.sqrt(np.sum(b * b)))
    return float(np.clip(np.sum(a * b) / norm, -1, 1)) if norm > 0 else 0.0


def spearman(predicted: Numbers, gold: Numbers) -> float:
    """Spearman's correlation: Pearson's of the ranks, equal values with their mean rank."""
    return pearson(ranks(predicted), ranks(gold)) if _usable(predicted) else float("nan")


def ranks(values: Numbers) -> Numbers:
    """Ranks from 1; equal values share the mean of theirs."""
    _, group, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[group.reshape(-1)]


def _usable(predicted: Numbers) -> bool:
    return bool(np.all(np.isfinite(predicted)))
