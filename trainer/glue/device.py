"""The device that trains, its precision, and how much memory was used."""

from __future__ import annotations

import os
import random
import resource
import sys
from dataclasses import dataclass

import numpy as np
import torch

from arguments import Arguments
from errors import UsageError


@dataclass(frozen=True)
class Device:
    """Where and how precisely to compute."""

    device: torch.device
    gpus: int
    """How many GPUs share a batch; 0 on the CPU."""
    precision: str
    """``fp32``, ``bf16`` or ``fp16``: what matrix products are computed in; weights are single precision."""

    @property
    def name(self) -> str:
        """The model of the GPU, or ``cpu``."""
        return torch.cuda.get_device_name(self.device) if self.gpus else "cpu"

    @property
    def autocast_type(self) -> torch.dtype | None:
        """What autocast computes in; None: it is off."""
        return {"bf16": torch.bfloat16, "fp16": torch.float16}.get(self.precision)

    def peak_memory(self) -> float:
        """Most memory used so far in MiB: of the GPUs' allocators, or resident memory of the process."""
        if self.gpus:
            return max(torch.cuda.max_memory_allocated(gpu) for gpu in range(self.gpus)) / 2**20
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def choose_device(args: Arguments) -> Device:
    """Picks the device. Raises ``UsageError`` if what was asked for is not there."""
    available = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if args.device == "cuda" and available == 0:
        raise UsageError("--device: cuda needs a GPU that PyTorch can use, got none; leave it out to train on the CPU")
    if args.device == "cpu" or available == 0:
        if args.gpus > 1:
            raise UsageError(f"--gpus: must be at most the GPUs there are, 0, got {args.gpus}; leave it out")
        if args.precision == "fp16":
            raise UsageError("--precision: fp16 needs a GPU; give fp32 or bf16")
        return Device(torch.device("cpu"), 0, "fp32" if args.precision == "auto" else args.precision)
    if args.gpus > available:
        raise UsageError(f"--gpus: must be at most the GPUs there are, {available}, got {args.gpus}; lower it")
    return Device(torch.device("cuda", 0), args.gpus, _precision(args.precision))


def _precision(asked: str) -> str:
    """Tensor cores make half precision pay: bfloat16 from compute capability 8 on, float16 from 7 on."""
    if asked != "auto":
        return asked
    major, _ = torch.cuda.get_device_capability(0)
    return "bf16" if major >= 8 else "fp16" if major >= 7 else "fp32"


def make_deterministic() -> None:
    """The same numbers in every run on the same device with the same number of threads. Call it before any GPU work."""
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.use_deterministic_algorithms(True)
    # Filling memory that is about to be written costs a kernel each time and changes nothing here.
    torch.utils.deterministic.fill_uninitialized_memory = False
    torch.backends.cudnn.benchmark = False


def seed_everything(seed: int) -> None:
    """Seeds Python, numpy and torch on every device."""
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)


def random_states() -> dict[str, object]:
    """The states of every random number generator, as plain values and tensors."""
    kind, keys, position, has_gauss, gauss = np.random.get_state()
    return {
        "python": random.getstate(),
        "numpy": (kind, keys.tolist(), position, has_gauss, gauss),
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
    }


def restore_random_states(states: dict[str, object]) -> None:
    """The inverse of ``random_states``."""
    version, internal, gauss = states["python"]
    random.setstate((version, tuple(internal), gauss))
    kind, keys, *rest = states["numpy"]
    np.random.set_state((kind, np.asarray(keys, dtype=np.uint32), *rest))
    torch.set_rng_state(states["torch"])
    if torch.cuda.is_available():
        torch.cuda.set_rng_state_all(states["cuda"])
