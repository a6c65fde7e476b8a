"""The callback in a script that uses transformers' own Trainer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from transformers import Trainer, TrainingArguments

from callback import ReportCallback
from data import read_folder
from inputs import encode
from model import load_model
from tasks import TASKS


def test_reports_each_evaluation(glue: str, tiny: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    loaded = load_model(tiny, None, 2)
    data = read_folder(glue, TASKS["rte"])

    def rows(part: object) -> list[dict]:
        encoded = encode(loaded.tokenizer, part.texts, 32)
        return [
            {**{key: values[i] for key, values in encoded.items()}, "label": int(gold)}
            for i, gold in enumerate(part.gold)
        ]

    trainer = Trainer(
        model=loaded.model,
        args=TrainingArguments(
            output_dir=str(tmp_path),
            num_train_epochs=2,
            eval_strategy="epoch",
            save_strategy="no",
            report_to="none",
            use_cpu=True,
            disable_tqdm=True,
        ),
        train_dataset=rows(data.train),
        eval_dataset=rows(data.validation),
        processing_class=loaded.tokenizer,
        compute_metrics=lambda found: {"accuracy": (found.predictions.argmax(-1) == found.label_ids).mean()},
    )
    trainer.add_callback(ReportCallback())
    capsys.readouterr()
    trainer.train()
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("[tune-metric]: ")]
    reports = [json.loads(line.removeprefix("[tune-metric]: ")) for line in lines]
    assert [(entry["epoch"], entry["step"]) for entry in reports] == [(1, 3), (2, 6)]
    for entry, logged in zip(reports, [log for log in trainer.state.log_history if "eval_loss" in log], strict=True):
        assert entry["eval_loss"] == logged["eval_loss"]
        assert entry["eval_accuracy"] == logged["eval_accuracy"]
