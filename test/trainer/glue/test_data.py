"""Reading and splitting the nine tasks."""

from __future__ import annotations

import sys
import types
from pathlib import Path

import pytest
from conftest import HEADERS, table

from data import parse_examples, read_folder, read_hub, split_order
from errors import UsageError
from tasks import TASKS

SHARED = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "glue"


@pytest.mark.parametrize("name", TASKS)
def test_reads_each_task_in_its_own_layout(glue: str, name: str) -> None:
    task = TASKS[name]
    data = read_folder(glue, task)
    assert (len(data.train), len(data.validation), len(data.test)) == (21, 9, 10)
    sides = 1 if name in ("cola", "sst2") else 2
    assert {len(texts) for texts in data.test.texts} == {sides}
    begins = [texts[0].startswith("good") for texts in data.test.texts]
    assert begins == [True, False] * 5
    positive = {"stsb": 4.25, "mnli": 1, "mnli-mm": 1, "qnli": 0, "rte": 0}.get(name, 1)
    negative = {"stsb": 0.5, "mnli": 2, "mnli-mm": 2, "qnli": 1, "rte": 1}.get(name, 0)
    assert list(data.test.gold) == [positive, negative] * 5


def test_the_two_evaluation_sets_of_mnli_differ(glue: str) -> None:
    matched, mismatched = (read_folder(glue, TASKS[name]) for name in ("mnli", "mnli-mm"))
    assert (matched.test_file, mismatched.test_file) == ("dev_matched.tsv", "dev_mismatched.tsv")
    assert matched.test.texts != mismatched.test.texts
    assert matched.train == mismatched.train


def test_takes_a_labelled_test_file_where_there_is_no_dev_file(tmp_path: Path) -> None:
    (tmp_path / "MRPC").mkdir()
    (tmp_path / "MRPC" / "train.tsv").write_text(table("MRPC", 10, 1))
    (tmp_path / "MRPC" / "test.tsv").write_text(table("MRPC", 4, 2))
    assert read_folder(str(tmp_path), TASKS["mrpc"]).test_file == "test.tsv"


def test_the_split_is_seeded_and_loses_nothing(glue: str) -> None:
    first, again, other = (read_folder(glue, TASKS["sst2"], seed) for seed in (1, 1, 2))
    assert first == again
    assert first.train != other.train
    every = sorted([*first.train.texts, *first.validation.texts])
    assert every == sorted([*other.train.texts, *other.validation.texts])
    assert len(every) == 30


def test_the_order_of_a_split_is_fixed_for_good() -> None:
    assert split_order(10, 31415927) == [1, 9, 3, 2, 8, 6, 4, 7, 5, 0]


def test_reads_texts_as_they_are() -> None:
    content = '\ufeffsentence\tlabel\r\n "a\u2028b\x85 \t1\r\n\r\nc"\t0\r\n'.encode()
    examples, skipped = parse_examples(content, TASKS["sst2"], "x")
    assert examples.texts == [(' "a\u2028b\x85 ',), ('c"',)]
    assert (list(examples.gold), skipped) == ([1, 0], 0)


def test_leaves_out_the_broken_rows_of_qqp_only() -> None:
    content = (table("QQP", 3, 1) + "1\t2\t3\tonly one question\n").encode()
    examples, skipped = parse_examples(content, TASKS["qqp"], "x")
    assert (len(examples), skipped) == (3, 1)
    with pytest.raises(UsageError, match=r'"x" line 5 must have at least 4 columns, got 2'):
        parse_examples((table("RTE", 3, 1) + "1\t2\n").encode(), TASKS["rte"], "x")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("index\tsentence1\tsentence2\n", 'line 1 must name the column "label", got "index | sentence1 | sentence2"'),
        (HEADERS["RTE"] + "\n0\ta\tb\tmaybe\n", 'line 2 must have a label of this task, got "maybe"'),
        (b"\xff\xfe", "must be UTF-8"),
    ],
)
def test_says_what_is_wrong_with_a_file(content: str | bytes, said: str) -> None:
    raw = content if isinstance(content, bytes) else content.encode()
    with pytest.raises(UsageError) as caught:
        parse_examples(raw, TASKS["rte"], "x")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("score", ["5.1", "-1", "nan", "", "high"])
def test_refuses_scores_that_stsb_does_not_have(score: str) -> None:
    content = HEADERS["STS-B"] + f"\n0\tg\tf\t1\t2\tn\tn\ta\tb\t{score}\n"
    with pytest.raises(UsageError, match="must have a label of this task"):
        parse_examples(content.encode(), TASKS["stsb"], "x")


def test_says_which_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"must hold MNLI/train.tsv and MNLI/dev_matched.tsv, got no file"):
        read_folder(str(tmp_path), TASKS["mnli"])


@pytest.mark.parametrize("name", TASKS)
def test_reads_by_name_through_datasets(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    texts = {"cola": ["sentence"], "sst2": ["sentence"], "qqp": ["question1", "question2"]}.get(
        name, ["question", "sentence"] if name == "qnli" else ["sentence1", "sentence2"]
    )
    if name.startswith("mnli"):
        texts = ["premise", "hypothesis"]

    def load_dataset(place: str, configuration: str, split: str) -> dict[str, list]:
        assert (place, configuration) == ("nyu-mll/glue", name.removesuffix("-mm"))
        count = 10 if split == "train" else 4
        return {
            "label": [i % 2 for i in range(count)],
            **{key: [f"{split} {key} {i}" for i in range(count)] for key in texts},
        }

    library = types.ModuleType("datasets")
    library.load_dataset = load_dataset
    monkeypatch.setitem(sys.modules, "datasets", library)
    data = read_hub(TASKS[name])
    assert (len(data.train), len(data.validation), len(data.test)) == (7, 3, 4)
    assert data.test.texts[1] == tuple(f"{TASKS[name].hub[1]} {key} 1" for key in texts)


def test_says_that_datasets_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(UsageError, match='the package "datasets" is not installed'):
        read_hub(TASKS["rte"])


@pytest.mark.skipif(not SHARED.is_dir(), reason="the GLUE data is not at hand")
@pytest.mark.parametrize(("name", "train", "test"), [("mrpc", 4076, 1725), ("cola", 8551, 1043), ("stsb", 5749, 1500)])
def test_reads_the_real_files(name: str, train: int, test: int) -> None:
    data = read_folder(str(SHARED), TASKS[name])
    assert len(data.train) == round(0.7 * train)
    assert (len(data.train) + len(data.validation), len(data.test)) == (train, test)
