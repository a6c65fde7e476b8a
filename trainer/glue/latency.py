"""How long one prediction takes."""

from __future__ import annotations

import statistics
import time
from typing import Any

import torch

from data import Examples

WARM_UP = 10
"""Predictions that are not counted."""


@torch.inference_mode()
def measure_latency(
    model: torch.nn.Module, tokenizer: Any, examples: Examples, max_length: int, device: torch.device, passes: int
) -> float:
    """Median time of one prediction, text to score, in milliseconds: examples one after another, single precision."""
    model.eval()
    times: list[float] = []
    for i in range(-WARM_UP, passes):
        texts = examples.texts[(i + WARM_UP) % len(examples)]
        start = time.perf_counter()
        inputs = tokenizer(*texts, truncation=True, max_length=max_length, return_tensors="pt").to(device)
        model(**inputs).logits.cpu()
        if i >= 0:
            times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)
