"""A model in training: everything that changes from epoch to epoch."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from arguments import Arguments
from device import Device, random_states, restore_random_states
from inputs import Inputs
from tasks import Task

EVAL_BATCH = 128
MAX_NORM = 1.0
"""Gradients are cut to this Euclidean norm, as Hugging Face does."""


class Trainer:
    """Fine-tunes with AdamW, linear warm-up and linear decay, one epoch at a time."""

    def __init__(self, model: torch.nn.Module, args: Arguments, task: Task, device: Device, train: Inputs) -> None:
        """Takes the model over; it must be on its device. ``train`` is what is trained on."""
        self.epoch = 0
        self.diverged = False
        self.elapsed = 0.0
        self._model = model
        self._task = task
        self._device = device
        self._train = train
        self._batch_size = args.batch_size
        self._parallel = torch.nn.DataParallel(model, list(range(device.gpus))) if device.gpus > 1 else model
        # Fused: one kernel for all parameters, where a loop over them takes longer than a small model's backward pass.
        self._optimizer = torch.optim.AdamW(_groups(model, args.weight_decay), lr=args.learning_rate, fused=True)
        self._learning_rate = args.learning_rate
        self._steps_per_epoch = math.ceil(len(train) / args.batch_size)
        steps = self._steps_per_epoch * args.epochs
        self._scheduler = torch.optim.lr_scheduler.LambdaLR(
            self._optimizer, lambda step: schedule(step, steps, args.warmup_ratio)
        )
        self._scaler = torch.amp.GradScaler("cuda", enabled=device.precision == "fp16")
        self._order = torch.Generator().manual_seed(args.seed)

    def train_epoch(self) -> float:
        """Trains one epoch and counts it; gives the mean loss, with dropout. Once diverged it only counts."""
        self.epoch += 1
        if self.diverged:
            return math.nan
        self._parallel.train()
        order = torch.randperm(len(self._train), generator=self._order)
        total = torch.zeros((), dtype=torch.float64, device=self._device.device)
        for indices in order.split(self._batch_size):
            inputs, labels = self._train.batch(indices)
            with self._autocast():
                logits = self._parallel(**inputs).logits
            loss = self._loss(logits.float(), labels)
            self._optimizer.zero_grad(set_to_none=True)
            self._scaler.scale(loss).backward()
            self._scaler.unscale_(self._optimizer)
            torch.nn.utils.clip_grad_norm_(self._model.parameters(), MAX_NORM)
            self._scaler.step(self._optimizer)
            self._scaler.update()
            self._scheduler.step()
            total += loss.detach().double() * len(indices)
        mean = float(total) / len(self._train)
        self.diverged = not math.isfinite(mean)
        return mean if math.isfinite(mean) else math.nan

    @torch.inference_mode()
    def evaluate(self, part: Inputs) -> dict[str, float]:
        """The error (1 minus the main metric), the loss and the task's metrics, without dropout; NaN once diverged."""
        names = ["error", "loss", *self._task.metrics]
        if self.diverged:
            return dict.fromkeys(names, math.nan)
        self._parallel.eval()
        by_length = torch.argsort(part.lengths, stable=True)
        outputs = torch.empty((len(part), self._task.outputs), dtype=torch.float32, device=self._device.device)
        for indices in by_length.split(EVAL_BATCH):
            inputs, _ = part.batch(indices)
            with self._autocast():
                logits = self._parallel(**inputs).logits
            outputs[indices.to(outputs.device)] = logits.float()
        loss = float(self._loss(outputs, part.labels))
        if not math.isfinite(loss):
            self.diverged = True
            return dict.fromkeys(names, math.nan)
        scores = outputs.double().cpu().numpy()
        predicted = scores[:, 0] if self._task.outputs == 1 else np.argmax(scores, axis=1).astype(np.float64)
        results = {name: metric(predicted, part.gold) for name, metric in self._task.metrics.items()}
        return {"error": 1 - next(iter(results.values())), "loss": loss, **results}

    def state(self) -> dict[str, Any]:
        """All that a checkpoint needs to go on exactly."""
        return {
            "epoch": self.epoch,
            "elapsed": self.elapsed,
            "diverged": self.diverged,
            "model": self._model.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "scaler": self._scaler.state_dict(),
            "order": self._order.get_state(),
            "random": random_states(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Goes on from what ``state`` gave, with the step sizes, batches and decay of this training."""
        decays = [group["weight_decay"] for group in self._optimizer.param_groups]
        self.epoch = state["epoch"]
        self.elapsed = state["elapsed"]
        self.diverged = state["diverged"]
        self._model.load_state_dict(state["model"])
        self._optimizer.load_state_dict(state["optimizer"])
        done = self.epoch * self._steps_per_epoch
        for group, decay, share in zip(self._optimizer.param_groups, decays, self._scheduler.lr_lambdas, strict=True):
            group["weight_decay"] = decay
            group["initial_lr"] = self._learning_rate
            group["lr"] = self._learning_rate * share(done)
        self._scheduler.last_epoch = done
        if state["scaler"]:
            self._scaler.load_state_dict(state["scaler"])
        self._order.set_state(state["order"])
        restore_random_states(state["random"])

    def _autocast(self) -> torch.autocast:
        kind = self._device.autocast_type
        return torch.autocast(self._device.device.type, dtype=kind or torch.bfloat16, enabled=kind is not None)

    def _loss(self, logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """Cross entropy in nats, or the squared error of the score from 0 to 5."""
        if self._task.outputs == 1:
            return functional.mse_loss(logits[:, 0], labels)
        return functional.cross_entropy(logits, labels)


def schedule(step: int, steps: int, warmup_ratio: float) -> float:
    """The share of the peak step size at a step from 0: linear from 0 over the warm-up, then linear to 0 at the end."""
    warmup = math.ceil(steps * warmup_ratio)
    if step < warmup:
        return step / warmup
    return max(0.0, (steps - step) / max(1, steps - warmup))


def _groups(model: torch.nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Biases and norms, the parameters of one dimension, are not decayed."""
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    return [
        {"params": [parameter for parameter in trained if parameter.ndim > 1], "weight_decay": weight_decay},
        {"params": [parameter for parameter in trained if parameter.ndim <= 1], "weight_decay": 0.0},
    ]
