"""Texts as tensors: tokenised once, padded once, cut to the longest of a batch when it is taken."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from data import Examples


class Inputs:
    """The examples of one part, on the device that trains."""

    def __init__(self, examples: Examples, tokenizer: Any, max_length: int, outputs: int, device: torch.device) -> None:
        """Tokenises everything. ``outputs`` is the number of classes, 1 for a score."""
        encoded = encode(tokenizer, examples.texts, max_length)
        self.gold: NDArray[np.float64] = np.asarray(examples.gold, dtype=np.float64)
        self.lengths = torch.tensor([len(ids) for ids in encoded["input_ids"]])
        self.labels = torch.tensor(examples.gold, dtype=torch.float32 if outputs == 1 else torch.int64, device=device)
        fills = {"input_ids": tokenizer.pad_token_id or 0}
        self.tensors = {key: _padded(rows, fills.get(key, 0)).to(device) for key, rows in encoded.items()}

    def __len__(self) -> int:
        return len(self.gold)

    def batch(self, indices: torch.Tensor) -> tuple[dict[str, torch.Tensor], torch.Tensor]:
        """The inputs and labels at these positions; ``indices`` is on the CPU."""
        longest = int(self.lengths[indices].max())
        where = indices.to(self.labels.device)
        return {key: rows[where, :longest].long() for key, rows in self.tensors.items()}, self.labels[where]


def encode(tokenizer: Any, texts: Any, max_length: int) -> dict[str, list[list[int]]]:
    """Token ids, attention mask and, where the model has them, token types, unpadded."""
    first = [row[0] for row in texts]
    second = [row[1] for row in texts] if len(texts[0]) == 2 else None
    return dict(tokenizer(first, second, truncation=True, max_length=max_length, padding=False))


def _padded(rows: list[list[int]], fill: int) -> torch.Tensor:
    """Rows of one length, in 32 bits to save memory."""
    padded = np.full((len(rows), max(map(len, rows))), fill, dtype=np.int32)
    for i, row in enumerate(rows):
        padded[i, : len(row)] = row
    return torch.from_numpy(padded)
