"""Reports what the Hugging Face ``Trainer`` evaluates. Two lines in your own script::

    from callback import ReportCallback

    trainer.add_callback(ReportCallback())

With ``eval_strategy="epoch"`` every epoch is reported: all numbers of the evaluation under their own names
(``eval_loss``, ``eval_accuracy``, ...), ``epoch`` as a whole number, and ``step``.
"""

from __future__ import annotations

import numbers
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from report import report


class ReportCallback(TrainerCallback):
    """One report after each evaluation, from the main process only."""

    def on_evaluate(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        metrics: dict[str, Any] | None = None,
        **_: Any,
    ) -> None:
        """Called by the trainer after each evaluation."""
        if not state.is_world_process_zero or metrics is None:
            return
        found = {name: value for name, value in metrics.items() if isinstance(value, numbers.Real)}
        found["epoch"] = round(state.epoch or 0)
        found["step"] = state.global_step
        report(**found)
