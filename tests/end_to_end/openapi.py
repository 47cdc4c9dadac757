"""What docs/openapi says of the interface, held against the answers of every test."""

import json
import re
from pathlib import Path

import jsonschema

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "openapi"


def merged(one, other):
    for key, value in other.items():
        if isinstance(value, dict) and isinstance(one.get(key), dict):
            merged(one[key], value)
        else:
            one[key] = value
    return one


def load():
    whole = {}
    for file in sorted(DOCUMENT.glob("*.json")):
        merged(whole, json.loads(file.read_text(encoding="utf-8")))
    return whole


class Interface:
    def __init__(self, document=None):
        self.document = document or load()
        self.paths = [(re.compile(re.sub(r"\{[^}]*\}", "[^/]+", path)), operations)
                      for path, operations in self.document["paths"].items()]
        self.validators = {}

    def operation(self, method, path):
        """The description of a request, or None where the address or the method is none."""
        method = {"HEAD": "GET"}.get(method, method).lower()
        for pattern, operations in self.paths:
            if pattern.fullmatch(path) and method in operations:
                return operations[method]
        return None

    def check(self, method, path, status, content_type, body):
        """Raises jsonschema.ValidationError or AssertionError where an answer is not as described."""
        path = path.split("?")[0]
        if not path.startswith("/api/") or method == "HEAD":
            return
        if status >= 400 and not content_type.startswith("application/json"):
            return  # no request that could be understood: refused before any of this
        operation = self.operation(method, path)
        if operation is None or str(status) not in operation["responses"]:
            if status < 400:
                raise AssertionError(f"{method} {path}: {status} is described nowhere")
            schema = {"$ref": "#/components/schemas/Refusal"}
        else:
            content = operation["responses"][str(status)].get("content")
            if content is None:
                if body:
                    raise AssertionError(f"{method} {path}: {status} has a body")
                return
            kind = content_type.split(";")[0]
            if kind not in content:
                raise AssertionError(f"{method} {path}: {kind} is described nowhere")
            schema = content[kind].get("schema")
            if schema is None or not kind.endswith("json"):
                return
        self.validator(schema).validate(json.loads(body))

    def validator(self, schema):
        key = json.dumps(schema, sort_keys=True)
        if key not in self.validators:
            self.validators[key] = jsonschema.Draft202012Validator(
                {**schema, "components": self.document["components"]})
        return self.validators[key]
