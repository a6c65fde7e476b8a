"""The training loop against one written out step by step."""

from __future__ import annotations

import math

import pytest
import torch

from arguments import Arguments, parse_arguments
from data import GlueData, read_folder
from device import Device
from inputs import Inputs
from model import LoadedModel, load_model
from tasks import TASKS
from trainer import Trainer, schedule

CPU = Device(torch.device("cpu"), 0, "fp32")


@pytest.fixture
def data(glue: str) -> GlueData:
    return read_folder(glue, TASKS["rte"])


@pytest.fixture
def loaded(tiny: str) -> LoadedModel:
    return load_model(tiny, None, 2)


def arguments(**given: object) -> Arguments:
    return parse_arguments(["--task", "rte", *(f"--{name}={value}" for name, value in given.items())])


def without_dropout(model: torch.nn.Module) -> None:
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0


def plain_training(model: torch.nn.Module, args: Arguments, train: Inputs) -> None:
    """AdamW as in Loshchilov & Hutter 2019, algorithm 2, with the gradient cut to norm 1."""
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    first = [torch.zeros_like(parameter) for parameter in parameters]
    second = [torch.zeros_like(parameter) for parameter in parameters]
    order = torch.Generator().manual_seed(args.seed)
    steps = math.ceil(len(train) / args.batch_size) * args.epochs
    step = 0
    for _ in range(args.epochs):
        for indices in torch.randperm(len(train), generator=order).split(args.batch_size):
            inputs, labels = train.batch(indices)
            model.zero_grad()
            chance = torch.log_softmax(model(**inputs).logits.float(), dim=1)
            (-chance[torch.arange(len(indices)), labels].mean()).backward()
            norm = math.sqrt(sum(float((parameter.grad**2).sum()) for parameter in parameters))
            rate = args.learning_rate * schedule(step, steps, args.warmup_ratio)
            step += 1
            with torch.no_grad():
                for i, parameter in enumerate(parameters):
                    gradient = parameter.grad / max(1.0, norm)
                    if parameter.ndim > 1:
                        parameter -= rate * args.weight_decay * parameter
                    first[i] = 0.9 * first[i] + 0.1 * gradient
                    second[i] = 0.999 * second[i] + 0.001 * gradient**2
                    mean, square = first[i] / (1 - 0.9**step), second[i] / (1 - 0.999**step)
                    parameter -= rate * mean / (square.sqrt() + 1e-8)


def test_trains_as_written_down(tiny: str, data: GlueData) -> None:
    args = arguments(epochs=2, batch_size=8, learning_rate=1e-3, weight_decay=0.5, warmup_ratio=0.2, seed=5)
    models = []
    for _ in range(2):
        torch.manual_seed(0)
        loaded = load_model(tiny, None, 2)
        without_dropout(loaded.model)
        # In double precision: where a gradient is 0 but for rounding, AdamW makes steps of the rounding.
        loaded.model.double()
        models.append(loaded)
    ours, plain = models
    train = Inputs(data.train, ours.tokenizer, 32, 2, CPU.device)
    trainer = Trainer(ours.model, args, TASKS["rte"], CPU, train)
    for _ in range(args.epochs):
        trainer.train_epoch()
    plain_training(plain.model.train(), args, train)
    begin = load_model(tiny, None, 2).model.double().state_dict()
    for name, value in ours.model.state_dict().items():
        torch.testing.assert_close(value, plain.model.state_dict()[name], rtol=0, atol=2e-5)
    moved = max(float((value - begin[name]).abs().max()) for name, value in ours.model.state_dict().items())
    assert moved > 1e-3


def test_trains_with_dropout_and_evaluates_without(loaded: LoadedModel, data: GlueData) -> None:
    train = Inputs(data.train, loaded.tokenizer, 32, 2, CPU.device)
    # A step size this small leaves the weights as they are.
    trainer = Trainer(loaded.model, arguments(learning_rate=1e-30), TASKS["rte"], CPU, train)
    before, again = trainer.evaluate(train)["loss"], trainer.evaluate(train)["loss"]
    with_dropout = trainer.train_epoch()
    assert before == again == trainer.evaluate(train)["loss"]
    assert abs(with_dropout - before) > 1e-4


def test_a_batch_is_what_the_tokenizer_pads(loaded: LoadedModel, data: GlueData) -> None:
    part = Inputs(data.train, loaded.tokenizer, 9, 2, CPU.device)
    assert int(part.lengths.max()) == 9
    chosen = [3, 1, 7]
    inputs, labels = part.batch(torch.tensor(chosen))
    first, second = zip(*(data.train.texts[i] for i in chosen), strict=True)
    expected = loaded.tokenizer(
        list(first), list(second), truncation=True, max_length=9, padding=True, return_tensors="pt"
    )
    assert set(inputs) == set(expected)
    for key, values in expected.items():
        assert torch.equal(inputs[key], values)
    assert labels.tolist() == [int(data.train.gold[i]) for i in chosen]


def test_scores_do_not_depend_on_the_other_examples(loaded: LoadedModel, data: GlueData) -> None:
    part = Inputs(data.train, loaded.tokenizer, 32, 2, CPU.device)
    trainer = Trainer(loaded.model, arguments(), TASKS["rte"], CPU, part)
    losses = [
        trainer.evaluate(Inputs(data.train.pick([i]), loaded.tokenizer, 32, 2, CPU.device))["loss"] for i in range(21)
    ]
    assert trainer.evaluate(part)["loss"] == pytest.approx(sum(losses) / 21, rel=1e-5)


def test_the_step_size_climbs_and_falls() -> None:
    shares = [schedule(step, 10, 0.4) for step in range(11)]
    assert shares == pytest.approx([0, 1 / 4, 2 / 4, 3 / 4, 1, 5 / 6, 4 / 6, 3 / 6, 2 / 6, 1 / 6, 0])
    assert [schedule(step, 2, 0.0) for step in range(2)] == [1, 0.5]
    assert [schedule(step, 2, 1.0) for step in range(3)] == [0, 0.5, 0]


def test_a_score_is_learnt_by_its_squared_error(tiny: str, glue: str) -> None:
    loaded = load_model(tiny, None, 1)
    part = Inputs(read_folder(glue, TASKS["stsb"]).test, loaded.tokenizer, 32, 1, CPU.device)
    trainer = Trainer(loaded.model, arguments(), TASKS["stsb"], CPU, part)
    found = trainer.evaluate(part)
    inputs, labels = part.batch(torch.arange(len(part)))
    with torch.inference_mode():
        scores = loaded.model.eval()(**inputs).logits[:, 0]
    assert sorted(set(labels.tolist())) == [0.5, 4.25]
    assert found["loss"] == pytest.approx(float(((scores - labels) ** 2).mean()), rel=1e-5)
    assert found["pearson"] == pytest.approx(float(torch.corrcoef(torch.stack([scores, labels]))[0, 1]), abs=1e-5)
