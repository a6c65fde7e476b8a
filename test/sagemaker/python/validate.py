"""Holds every recorded request and response to botocore's models of the services.

    validate.py calls.jsonl

The file is what the emulator writes (`record` of its options). Requests that the emulator refused as invalid have to be
so; all others have to be valid, and so have all answers. Prints each kind of problem once, with how often; exit 1 if
there is any.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import botocore.session
from botocore import parsers
from botocore.model import OperationModel, ServiceModel, Shape

from rest_xml import payload_shape, request_members, unknown_elements
from shapes import problems

REFUSED_AS_INVALID = {"ValidationException", "InvalidParameterException", "SerializationException"}


def load(name: str) -> ServiceModel:
    """A service's model."""
    loader = botocore.session.get_session().get_component("data_loader")
    return ServiceModel(loader.load_service_model(name, "service-2"), name)


def check_json(model: ServiceModel, line: dict) -> Iterator[str]:
    """One exchange of a service that speaks JSON."""
    operation = model.operation_model(line["operation"])
    target = f"{model.metadata['targetPrefix']}.{operation.name}"
    if line["requestHeaders"].get("x-amz-target") != target:
        yield f"x-amz-target must be {target}, got {line['requestHeaders'].get('x-amz-target')!r}"
    if line["requestHeaders"].get("content-type") != f"application/x-amz-json-{model.metadata['jsonVersion']}":
        yield f"content type {line['requestHeaders'].get('content-type')!r}"
    answer = json.loads(line["responseBody"] or "{}")
    code = answer.get("__type", "") if line["status"] >= 400 else ""
    wrong = list(problems(operation.input_shape, json.loads(line["requestBody"] or "{}"), "request"))
    if code not in REFUSED_AS_INVALID:
        yield from wrong
    if line["status"] == 200 and operation.output_shape is not None:
        yield from problems(operation.output_shape, answer, "response")
    elif line["status"] == 200 and answer != {}:
        yield "response: must be empty"
    elif line["status"] >= 400 and not (code and isinstance(answer.get("message"), str)):
        yield f"error response: must have __type and message, got {answer!r}"


def check_xml(model: ServiceModel, line: dict) -> Iterator[str]:
    """One exchange of S3."""
    operation = model.operation_model(line["operation"])
    method = operation.http["method"]
    if line["method"] != method:
        yield f"method must be {method}, got {line['method']}"
    members, strange = request_members(operation, line)
    yield from (f"request: {one} is no member of {operation.input_shape.name}" for one in strange)
    payload = operation.input_shape.serialization.get("payload")
    body = line["requestBody"] or ""
    if payload and body.startswith("<"):
        shape = operation.input_shape.members[payload]
        yield from unknown_elements(shape, ElementTree.fromstring(body), f"request.{payload}")
        members[payload] = parsed(shape, body, line["requestHeaders"])
    yield from problems(operation.input_shape, members, "request")
    answer = line["responseBody"] or ""
    if line["status"] >= 400 and line["method"] != "HEAD":
        if not parsed_error(answer, line):
            yield f"error response: must have a code, got {answer[:200]!r}"
    elif 200 <= line["status"] < 300 and answer and operation.output_shape is not None:
        shape = payload_shape(operation.output_shape)
        yield from unknown_elements(shape, ElementTree.fromstring(answer), "response")
    elif answer and operation.output_shape is None:
        yield "response: must be empty"
    if 200 <= line["status"] < 300 and operation.output_shape is not None and not streams(operation):
        found = parsed(operation.output_shape, answer, line["responseHeaders"])
        yield from problems(operation.output_shape, found, "response")


def streams(operation: OperationModel) -> bool:
    """Whether the answer's body is an object and not a document."""
    return operation.has_streaming_output


def parsed(shape: Shape, body: str, headers: dict) -> dict:
    """A document, read as the SDKs read it; times as numbers."""
    parser = parsers.create_parser("rest-xml")
    parser._timestamp_parser = lambda _: 0
    found = parser.parse({"status_code": 200, "headers": headers, "body": body.encode()}, shape)
    found.pop("ResponseMetadata", None)
    return found


def parsed_error(body: str, line: dict) -> str:
    """The code that the SDKs find in an error."""
    response = {"status_code": line["status"], "headers": line["responseHeaders"], "body": body.encode()}
    return parsers.create_parser("rest-xml").parse(response, None).get("Error", {}).get("Code", "")


def main() -> int:
    """Checks a file."""
    models = {name: load(name) for name in ("sagemaker", "logs", "s3")}
    found: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    for text in lines:
        line = json.loads(text)
        if line.get("fault") == "foreign":
            # Garbled on purpose, as by a proxy: no answer of the service, as after a lost connection.
            line |= {"status": 0, "responseBody": ""}
        name = f"{line['service']} {line['operation']}"
        seen[name] += 1
        model = models[line["service"]]
        if line["operation"] not in model.operation_names:
            found[f"{name}: the service has no such operation"] += 1
            continue
        check = check_xml if line["service"] == "s3" else check_json
        found.update(f"{name}: {problem}" for problem in check(model, line))
    for problem, count in sorted(found.items()):
        print(f"{count:6} x {problem}", file=sys.stderr)
    for name, count in sorted(seen.items()):
        print(f"{count:6} x {name}")
    print(f"{len(lines)} exchanges, {sum(found.values())} problems")
    return 1 if found or not lines else 0


if __name__ == "__main__":
    sys.exit(main())
