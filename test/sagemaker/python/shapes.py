"""Holds values to botocore's shapes: types, required members, enumerations, patterns, lengths, no unknown members."""

from collections.abc import Iterator
from typing import Any

import regex
from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "character": (str,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "boolean": (bool,),
    "timestamp": (int, float),
    "blob": (str, bytes),
}


def problems(shape: Shape, value: Any, path: str) -> Iterator[str]:
    """What is wrong with a value as JSON has it; timestamps are numbers."""
    if isinstance(shape, StructureShape):
        yield from _structure(shape, value, path)
    elif isinstance(shape, ListShape):
        if not isinstance(value, list):
            yield f"{path}: must be a list, got {value!r}"
            return
        yield from _range(shape, len(value), path)
        for number, one in enumerate(value):
            yield from problems(shape.member, one, f"{path}[{number}]")
    elif isinstance(shape, MapShape):
        if not isinstance(value, dict):
            yield f"{path}: must be a map, got {value!r}"
            return
        yield from _range(shape, len(value), path)
        for key, one in value.items():
            yield from problems(shape.key, key, f"{path} key")
            yield from problems(shape.value, one, f"{path}.{key}")
    else:
        yield from _scalar(shape, value, path)


def _structure(shape: StructureShape, value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path}: must be a structure, got {value!r}"
        return
    for name in shape.required_members:
        if value.get(name) is None:
            yield f"{path}.{name}: is required and missing"
    for name, one in value.items():
        if name not in shape.members:
            yield f"{path}.{name}: is no member of {shape.name}"
        elif one is not None:
            yield from problems(shape.members[name], one, f"{path}.{name}")


def _scalar(shape: Shape, value: Any, path: str) -> Iterator[str]:
    wanted = TYPES[shape.type_name]
    if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted):
        yield f"{path}: must be of type {shape.type_name}, got {value!r}"
        return
    if isinstance(shape, StringShape):
        yield from _range(shape, len(value), path)
        if shape.enum and value not in shape.enum:
            yield f"{path}: must be one of {shape.enum[:8]}..., got {value!r}"
        pattern = shape.metadata.get("pattern")
        if pattern and not regex.fullmatch(pattern, value, regex.DOTALL | regex.VERSION0):
            yield f"{path}: must match {pattern}, got {value!r}"
    elif shape.type_name in ("integer", "long", "float", "double"):
        yield from _range(shape, value, path)


def _range(shape: Shape, size: float, path: str) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least:
        yield f"{path}: must be at least {least}, got {size}"
    if most is not None and size > most:
        yield f"{path}: must be at most {most}, got {size}"
