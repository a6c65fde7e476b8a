"""The metrics against naive versions and known values."""

from __future__ import annotations

import math

import numpy as np
import pytest

from metrics import accuracy, f1, matthews, pearson, ranks, spearman


def counts(predicted: np.ndarray, gold: np.ndarray) -> tuple[int, int, int, int]:
    pairs = list(zip(predicted, gold, strict=True))
    return pairs.count((1, 1)), pairs.count((0, 0)), pairs.count((1, 0)), pairs.count((0, 1))


@pytest.mark.parametrize("seed", range(20))
def test_classes_agree_with_their_definitions(seed: int) -> None:
    drawn = np.random.default_rng(seed)
    predicted, gold = drawn.integers(0, 2, size=(2, 30)).astype(float)
    tp, tn, fp, fn = counts(predicted, gold)
    assert accuracy(predicted, gold) == pytest.approx((tp + tn) / 30)
    assert f1(predicted, gold) == pytest.approx(2 * tp / (2 * tp + fp + fn))
    norm = math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))
    assert matthews(predicted, gold) == pytest.approx((tp * tn - fp * fn) / norm)


@pytest.mark.parametrize("seed", range(20))
def test_ranks_agree_with_counting(seed: int) -> None:
    values = np.random.default_rng(seed).integers(0, 6, size=15).astype(float)
    naive = [1 + sum(other < value for other in values) + (sum(values == value) - 1) / 2 for value in values]
    assert ranks(values).tolist() == naive


def test_correlations_agree_with_numpy_and_ignore_monotone_maps() -> None:
    a, b = np.random.default_rng(0).normal(size=(2, 50))
    assert pearson(a, b) == pytest.approx(np.corrcoef(a, b)[0, 1])
    assert spearman(np.exp(a), b) == pytest.approx(spearman(a, b))
    assert spearman(np.exp(a), a) == pytest.approx(1)


def test_a_constant_scores_0_and_nan_scores_nan() -> None:
    gold = np.array([0.0, 1.0, 1.0])
    for metric in (pearson, spearman, matthews):
        assert metric(np.ones(3), gold) == 0
    assert f1(np.zeros(3), np.zeros(3)) == 0
    for metric in (accuracy, f1, matthews, pearson, spearman):
        assert math.isnan(metric(np.array([0.0, math.nan, 1.0]), gold))
