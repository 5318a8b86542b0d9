"""An OpenAPI description as a page shows it: what can be asked, with what, and what comes back."""

from collections.abc import Mapping
from typing import Any, TypedDict

Schema = Mapping[str, Any]


class Entry(TypedDict):
    """A parameter or a field of a body."""

    name: str
    where: str
    type: str
    required: bool
    words: str


class Operation(TypedDict):
    """One method of one address."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    parameters: list[Entry]
    body: list[Entry]
    body_types: list[str]
    responses: list[tuple[str, str, str]]


class Tag(TypedDict):
    """The operations of one subject."""

    name: str
    operations: list[Operation]


def describe(openapi: Schema) -> list[Tag]:
    """The operations by tag, in the order in which the application names them."""
    schemas = openapi.get("components", {}).get("schemas", {})
    tags: dict[str, list[Operation]] = {}
    for path, methods in openapi.get("paths", {}).items():
        for method, given in methods.items():
            name = (given.get("tags") or ["other"])[0]
            tags.setdefault(name, []).append(_operation(schemas, path, method, given))
    return [Tag(name=name, operations=found) for name, found in tags.items()]


def _operation(schemas: Schema, path: str, method: str, given: Schema) -> Operation:
    content = given.get("requestBody", {}).get("content", {})
    body = next((_resolved(schemas, one.get("schema", {})) for one in content.values()), {})
    required = body.get("required", ())
    return Operation(
        id=str(given.get("operationId", "")),
        method=method.upper(),
        path=path,
        summary=str(given.get("summary", "")),
        description=str(given.get("description", "")),
        parameters=[
            Entry(
                name=one["name"],
                where=one["in"],
                type=type_of(one.get("schema", {})),
                required=one.get("required", False),
                words=str(one.get("description", "")),
            )
            for one in given.get("parameters", ())
        ],
        body=[
            Entry(
                name=name,
                where="body",
                type=type_of(one),
                required=name in required,
                words=str(one.get("description", "")),
            )
            for name, one in body.get("properties", {}).items()
        ],
        body_types=list(content),
        responses=[
            (status, str(one.get("description", "")), _answer(one))
            for status, one in given.get("responses", {}).items()
        ],
    )


def _resolved(schemas: Schema, schema: Schema) -> Schema:
    for part in (schema, *schema.get("anyOf", ())):
        if "$ref" in part:
            found: Schema = schemas.get(part["$ref"].rpartition("/")[2], {})
            return found
    return schema


def _answer(response: Schema) -> str:
    content = response.get("content", {})
    return ", ".join(
        f"{kind}: {type_of(one['schema'])}" if one.get("schema") else kind
        for kind, one in content.items()
    )


def type_of(schema: Schema) -> str:
    """A schema in a few words: `string (uuid)`, `list of Kind`, `1 to 500`."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    if "const" in schema:
        return str(schema["const"])
    if parts := schema.get("anyOf"):
        return " or ".join(type_of(part) for part in parts)
    kind = str(schema.get("type", "anything"))
    if kind == "array":
        return f"list of {type_of(schema.get('items', {}))}"
    bounds = [
        f"{words} {schema[key]}"
        for key, words in (
            ("minimum", "from"),
            ("maximum", "to"),
            ("maxLength", "at most"),
            ("pattern", "like"),
        )
        if key in schema
    ]
    inside = ", ".join([*([schema["format"]] if "format" in schema else []), *bounds])
    return f"{kind} ({inside})" if inside else kind
