"""What the tests share: a tiny random model and the nine tasks in the layout of GLUE's own files."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

import pytest
from transformers import BertConfig, BertForSequenceClassification, BertTokenizer, set_seed

import train

WORDS = ["good", "bad", "the", "a", "film", "play", "cat", "dog", "sees", "likes", "not", "very"]

HEADERS = {
    "CoLA": "",
    "SST-2": "sentence\tlabel",
    "MRPC": "Quality\t#1 ID\t#2 ID\t#1 String\t#2 String",
    "QQP": "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate",
    "STS-B": "index\tgenre\tfilename\tyear\told_index\tsource1\tsource2\tsentence1\tsentence2\tscore",
    "MNLI": "index\tpromptID\tpairID\tgenre\tsentence1_binary_parse\tsentence2_binary_parse\tsentence1_parse\t"
    "sentence2_parse\tsentence1\tsentence2\tlabel1\tgold_label",
    "QNLI": "index\tquestion\tsentence\tlabel",
    "RTE": "index\tsentence1\tsentence2\tlabel",
    "WNLI": "index\tsentence1\tsentence2\tlabel",
}


def row(folder: str, first: str, second: str, positive: bool) -> str:
    """One row as the task's own file has it."""
    binary = "1" if positive else "0"
    entailed = "entailment" if positive else "not_entailment"
    return {
        "CoLA": f"gj04\t{binary}\t{'' if positive else '*'}\t{first}",
        "SST-2": f"{first}\t{binary}",
        "MRPC": f"{binary}\t11\t12\t{first}\t{second}",
        "QQP": f"7\t8\t9\t{first}\t{second}\t{binary}",
        "STS-B": f"0\tmain\tMSR\t2012\t1\tnone\tnone\t{first}\t{second}\t{'4.250' if positive else '0.5'}",
        "MNLI": f"0\t1\t2\tfiction\t( )\t( )\t(R)\t(R)\t{first}\t{second}\tneutral\t{'neutral' if positive else 'contradiction'}",  # noqa: E501
        "QNLI": f"0\t{first}\t{second}\t{entailed}",
        "RTE": f"0\t{first}\t{second}\t{entailed}",
        "WNLI": f"0\t{first}\t{second}\t{binary}",
    }[folder]


def table(folder: str, count: int, seed: int) -> str:
    """A file of ``count`` rows; an example is positive where its first text begins with "good"."""
    drawn = random.Random(seed)
    lines = [HEADERS[folder]] if HEADERS[folder] else []
    for i in range(count):
        positive = i % 2 == 0
        first = " ".join(["good" if positive else "bad", *drawn.choices(WORDS[2:], k=drawn.randint(1, 6))])
        lines.append(row(folder, first, " ".join(drawn.choices(WORDS[2:], k=4)), positive))
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="session")
def glue(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A GLUE folder with all nine tasks, 30 training and 10 evaluation rows each."""
    root = tmp_path_factory.mktemp("glue")
    for folder in HEADERS:
        (root / folder).mkdir()
        (root / folder / "train.tsv").write_text(table(folder, 30, 1))
        names = ["dev_matched.tsv", "dev_mismatched.tsv"] if folder == "MNLI" else ["dev.tsv"]
        for i, name in enumerate(names):
            (root / folder / name).write_text(table(folder, 10, 2 + i))
    return str(root)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The folder of a BERT with 3 layers of 32 numbers, random weights and a vocabulary of a few words."""
    folder = tmp_path_factory.mktemp("tiny")
    (folder / "vocab.txt").write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]) + "\n")
    tokenizer = BertTokenizer(str(folder / "vocab.txt"))
    set_seed(1)
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=3,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
        initializer_range=0.2,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)


Run = Callable[..., list[dict]]


@pytest.fixture
def run(glue: str, tiny: str, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the program in this process on the tiny model and gives its reports."""

    def call(**given: object) -> list[dict]:
        chosen = {"task": "rte", "data": glue, "model": tiny, "latency_passes": 1, "batch_size": 8, **given}
        argv = [text for name, value in chosen.items() for text in (f"--{name}", str(value))]
        status = train.main(argv)
        captured = capsys.readouterr()
        assert status == 0, captured.err
        lines = [line.removeprefix("[tune-metric]: ") for line in captured.out.splitlines() if "tune-metric" in line]
        return [json.loads(line) for line in lines]

    return call


TIMES = {"elapsed_time", "cpu_time", "startup_time", "latency_ms", "peak_memory_mib"}


def learned(reports: list[dict]) -> str:
    """What does not depend on the machine's speed, as text: NaN equals NaN."""
    return json.dumps([{name: value for name, value in entry.items() if name not in TIMES} for entry in reports])
