"""Writes the part of the services' models that the emulator validates requests with.

The models are botocore's (Apache-2.0, https://github.com/boto/botocore), of the version that requirements.txt pins.
Documentation is left out. With --check nothing is written: exit 1 if the file differs from what would be written.
"""

import argparse
import json
import sys
from pathlib import Path

import botocore
import botocore.session

OPERATIONS = {
    "sagemaker": [
        "AddTags",
        "CreateTrainingJob",
        "DeleteTrainingJob",
        "DescribeTrainingJob",
        "ListTags",
        "ListTrainingJobs",
        "Search",
        "StopTrainingJob",
        "UpdateTrainingJob",
    ],
    "logs": ["DescribeLogGroups", "DescribeLogStreams", "FilterLogEvents", "GetLogEvents"],
}
KEPT = ("type", "required", "enum", "pattern", "min", "max")


def shape(definition: dict) -> dict:
    """One shape without its documentation."""
    kept = {name: definition[name] for name in KEPT if name in definition}
    if "members" in definition:
        kept["members"] = {name: member["shape"] for name, member in definition["members"].items()}
    for name in ("member", "key", "value"):
        if name in definition:
            kept[name] = definition[name]["shape"]
    return kept


def extract(service: str, operations: list[str]) -> dict:
    """The input shapes of the operations and all they refer to."""
    loader = botocore.session.get_session().get_component("data_loader")
    model = loader.load_service_model(service, "service-2")
    shapes: dict[str, dict] = {}
    inputs = {name: model["operations"][name]["input"]["shape"] for name in operations}
    pending = list(inputs.values())
    while pending:
        name = pending.pop()
        if name in shapes:
            continue
        shapes[name] = shape(model["shapes"][name])
        pending += shapes[name].get("members", {}).values()
        pending += [shapes[name][part] for part in ("member", "key", "value") if part in shapes[name]]
    return {
        "target": model["metadata"]["targetPrefix"],
        "inputs": inputs,
        "shapes": dict(sorted(shapes.items())),
    }


def main() -> int:
    """Writes or checks the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the file is not up to date")
    arguments = parser.parse_args()
    path = Path(__file__).parent.parent / "emulator" / "model.json"
    models = {service: extract(service, operations) for service, operations in OPERATIONS.items()}
    source = f"botocore {botocore.__version__}, Apache-2.0, written by test/sagemaker/python/extract_model.py"
    lines = [f' "source": {json.dumps(source)}']
    for service, model in models.items():
        parts = [f'  "target": {json.dumps(model["target"])}', f'  "inputs": {json.dumps(model["inputs"])}']
        listed = ",\n".join(f"   {json.dumps(name)}: {json.dumps(one)}" for name, one in model["shapes"].items())
        parts.append(f'  "shapes": {{\n{listed}\n  }}')
        lines.append(f' "{service}": {{\n' + ",\n".join(parts) + "\n }")
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    if not arguments.check:
        path.write_text(text, encoding="utf-8")
    elif path.read_text(encoding="utf-8") != text:
        print(f"{path} is not what botocore {botocore.__version__} says: run extract_model.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
