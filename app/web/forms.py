"""HTML forms into the schemas that the API takes, with errors in words beside their fields."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Any, Generic, TypeVar, Union, get_args, get_origin

from fastapi import Request
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from starlette.datastructures import UploadFile

from app.core.db import WriteSession
from app.core.errors import AppError, Clash, Invalid, Outdated
from app.web.doors import database

Schema = TypeVar("Schema", bound=BaseModel)
Done = TypeVar("Done")
Values = dict[str, str | list[str]]
Errors = dict[str, str]

_WORDS = {
    "missing": "Fill this in.",
    "none_required": "Leave this empty.",
    "string_too_short": "Fill this in with at least {min_length} characters.",
    "string_too_long": "Shorten this to {max_length} characters.",
    "string_pattern_mismatch": "This does not have the form asked for.",
    "enum": "Choose one of the options.",
    "literal_error": "Choose one of the options.",
    "int_parsing": "Write a whole number.",
    "int_type": "Write a whole number.",
    "float_parsing": "Write a number.",
    "decimal_parsing": "Write a number.",
    "bool_parsing": "Choose yes or no.",
    "greater_than_equal": "Write {ge} or more.",
    "greater_than": "Write more than {gt}.",
    "less_than_equal": "Write {le} or less.",
    "less_than": "Write less than {lt}.",
    "too_short": "Choose at least {min_length}.",
    "too_long": "Choose at most {max_length}.",
    "date_parsing": "Write a date like 2024-11-05.",
    "date_from_datetime_parsing": "Write a date like 2024-11-05.",
    "datetime_parsing": "Write a date and time like 2024-11-05 17:00.",
    "datetime_from_date_parsing": "Write a date and time like 2024-11-05 17:00.",
    "time_parsing": "Write a time like 17:00.",
    "uuid_parsing": "Choose one from the list.",
    "url_parsing": "Write a full address that begins with https://.",
}


_MANY = (list, set, frozenset, tuple)


def _branches(annotation: Any) -> tuple[Any, ...]:
    origin = get_origin(annotation)
    return get_args(annotation) if origin in {Union, UnionType} else (annotation,)


def _takes_none(field: FieldInfo) -> bool:
    return type(None) in _branches(field.annotation) or field.annotation is Any


def _holds(field: FieldInfo, *kinds: type) -> bool:
    return any((get_origin(b) or b) in kinds for b in _branches(field.annotation))


def _holds_many(field: FieldInfo, tail: str) -> bool:
    """Whether the part `tail` of a nested schema takes several values."""
    nested = (b for b in _branches(field.annotation) if isinstance(b, type))
    fields = (b.model_fields.get(tail) for b in nested if issubclass(b, BaseModel))
    return any(part is not None and _holds(part, *_MANY) for part in fields)


def wording(error: Mapping[str, Any]) -> str:
    """What is wrong with one value, in a sentence to whoever typed it."""
    kind, given = error["type"], error["input"]
    if given is None or given == "" or (kind == "string_too_short" and not given):
        return "Fill this in." if kind != "enum" else "Choose one of the options."
    if kind == "value_error":
        return str(error["ctx"]["error"])
    words = _WORDS.get(kind)
    return words.format(**error.get("ctx", {})) if words else f"{error['msg']}."


def parse_form(
    pairs: list[tuple[str, str]], schema: type[Schema]
) -> tuple[Schema | None, Values, Errors]:
    """Pairs as a form sends them into `schema`; see `read_form`."""
    typed: dict[str, list[str]] = {}
    for name, text in pairs:
        typed.setdefault(name, []).append(text.replace("\x00", "").replace("\r\n", "\n").strip())
    values: Values = {}
    data: dict[str, Any] = {}
    for name, texts in typed.items():
        head, _, tail = name.partition(".")
        field = schema.model_fields.get(head)
        given = [text for text in texts if text]
        if field is None:
            values[name] = texts[-1]
        elif tail:
            part = data.setdefault(head, {})
            if _holds_many(field, tail):
                values[name] = part[tail] = given
                continue
            values[name] = texts[-1]
            if given:
                part[tail] = given[-1]
        elif _holds(field, *_MANY):
            values[name] = given
            data[name] = given
        else:
            values[name] = texts[-1]
            if _holds(field, bool) and not texts[-1]:
                data[name] = False
            elif texts[-1]:
                data[name] = texts[-1]
            elif field.is_required() or _takes_none(field):
                data[name] = None
    return _validated(schema, data, values)


def _validated(
    schema: type[Schema], data: dict[str, Any], values: Values
) -> tuple[Schema | None, Values, Errors]:
    try:
        return schema.model_validate(data), values, {}
    except ValidationError as refused:
        errors: Errors = {}
        for error in refused.errors():
            where = [str(part) for part in error["loc"] if isinstance(part, str)]
            name = ".".join(where) if ".".join(where) in values else (where or [""])[0]
            errors.setdefault(name, wording(dict(error)))
        return None, values, errors


async def read_form(request: Request, schema: type[Schema]) -> tuple[Schema | None, Values, Errors]:
    """The form as `schema`, what was typed (to show it again), and one sentence per wrong field.

    Empty text is None; a repeated field is a list; `names.ar` is key `ar` of `names`; the empty
    hidden twin of a checkbox makes it False. Fields the schema does not know (a version, a button)
    are left to the caller in `values`. An error of the whole form has the key "".
    """
    form = await request.form(max_files=5, max_fields=500)
    pairs = [(name, v) for name, v in form.multi_items() if not isinstance(v, UploadFile)]
    return parse_form(pairs, schema)


@dataclass(frozen=True, slots=True)
class Attempt(Generic[Done]):
    """What became of a form: `done`, or why not, with what was typed and the status to answer."""

    done: Done | None
    values: Values
    errors: Errors
    status: int = 422


def said_of(error: AppError) -> Errors:
    """A refusal as errors of a form: beside the fields it names, else for the whole of it."""
    if isinstance(error, Invalid) and error.errors:
        return {pointer.strip("/").replace("/", "."): words for pointer, words in error.errors}
    return {"": error.detail}


def stated_version(values: Values) -> int | None:
    """The version that a form's hidden field repeats. Raises `Outdated` for anything else there."""
    text = str(values.get("version", ""))
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Outdated("This page is too old to be sent; open it again.")
    return int(text)


async def attempt(
    request: Request,
    schema: type[Schema],
    work: Callable[[WriteSession, Schema, int | None], Awaitable[Done]],
) -> Attempt[Done]:
    """Reads a form and does its work, with the version it repeats, in one transaction.

    A refusal that its author can mend (malformed, against a rule, outdated) leaves nothing behind:
    the transaction is rolled back before the form is shown again. Others pass.
    """
    given, values, errors = await read_form(request, schema)
    if given is None:
        return Attempt(None, values, errors)
    try:
        version = stated_version(values)
        async with database(request).writing() as session:
            return Attempt(await work(session, given, version), values, {})
    except (Invalid, Clash, Outdated) as error:
        return Attempt(None, values, said_of(error), error.status)
