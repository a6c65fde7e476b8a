"""S3 on the wire, turned into members of botocore's shapes: path, query, headers and XML."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.etree import ElementTree

from botocore.model import ListShape, OperationModel, Shape, StructureShape

# Of signing and transport: no operation's member.
TRANSPORT_QUERY = {"x-id", "list-type", "uploads", "delete", "location"}
TRANSPORT_HEADERS = {
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-decoded-content-length",
    "x-amz-trailer",
    "x-amz-user-agent",
    "x-amz-request-id",
    "x-amz-id-2",
}


def request_members(operation: OperationModel, line: dict) -> tuple[dict[str, Any], list[str]]:
    """The input members that a request carries outside its body, and what it carries that is no member."""
    address = urlsplit(line["url"])
    query = dict(parse_qsl(address.query, keep_blank_values=True))
    _, bucket, *key = unquote(address.path).split("/", 2)
    labels = {"Bucket": bucket, "Key": key[0] if key else ""}
    headers = line["requestHeaders"]
    members: dict[str, Any] = {}
    known: set[str] = set()
    prefixes: tuple[str, ...] = ()
    for name, shape in operation.input_shape.members.items():
        location, wire = shape.serialization.get("location"), shape.serialization.get("name", name)
        found = None
        if location == "uri":
            found = labels.get(wire) or None
        elif location == "querystring":
            found = query.get(wire)
        elif location == "header":
            found = headers.get(wire.lower())
        elif location == "headers":
            prefixes += (wire.lower(),)
            found = {k: v for k, v in headers.items() if k.startswith(wire.lower())} or None
        known.add(wire.lower())
        if found is not None:
            members[name] = converted(shape, found)
    strange = [f"?{name}" for name in query if name.lower() not in known | TRANSPORT_QUERY]
    strange += [
        f"header {name}"
        for name in headers
        if name.startswith("x-amz-")
        and name not in known | TRANSPORT_HEADERS
        and not name.startswith(prefixes or ("\0",))
        and not (operation.http_checksum and name.startswith("x-amz-checksum-"))
    ]
    return members, strange


def converted(shape: Shape, text: Any) -> Any:
    """A header's or query's text as JSON would have it; what cannot be converted stays text and fails its check."""
    if shape.type_name in ("integer", "long"):
        return int(text) if text.lstrip("-").isdigit() else text
    if shape.type_name == "boolean":
        return {"true": True, "false": False}.get(text, text)
    return 0 if shape.type_name == "timestamp" else text


def payload_shape(shape: StructureShape) -> Shape:
    """The shape of a message's body."""
    name = shape.serialization.get("payload")
    return shape.members[name] if name else shape


def unknown_elements(shape: Shape, element: ElementTree.Element, path: str) -> Iterator[str]:
    """Elements of a document that are no members of its shape."""
    if isinstance(shape, ListShape):
        yield from unknown_elements(shape.member, element, path)
        return
    if not isinstance(shape, StructureShape):
        if len(element) > 0:
            yield f"{path}: must be text"
        return
    by_name = {one.serialization.get("name", name): one for name, one in shape.members.items()}
    for child in element:
        name = child.tag.split("}")[-1]
        if name not in by_name:
            yield f"{path}.{name}: is no element of {shape.name}"
        else:
            yield from unknown_elements(by_name[name], child, f"{path}.{name}")
