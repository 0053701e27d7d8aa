#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Checks result.json against its schema, and the schema against results/README.md.

Usage: schema_test.py PROGRAM_THAT_PRINTS_A_RECORD RESULTS_FOLDER
"""
import copy
import json
import pathlib
import subprocess
import sys
import unittest

import jsonschema

RECORD = None
RESULTS = None


def objects_with_properties(schema):
    """Every subschema that describes an object's fields."""
    if isinstance(schema, dict):
        if "properties" in schema:
            yield schema
        for value in schema.values():
            yield from objects_with_properties(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from objects_with_properties(value)


class SchemaTest(unittest.TestCase):
    def setUp(self):
        self.schema = json.loads((RESULTS / "schema" / "result-1.schema.json").read_text())
        jsonschema.Draft7Validator.check_schema(self.schema)
        self.validator = jsonschema.Draft7Validator(self.schema)
        self.record = json.loads(RECORD)

    def test_what_is_written_is_valid(self):
        self.assertEqual([error.message for error in self.validator.iter_errors(self.record)], [])

    def test_a_missing_field_is_noticed_at_every_level(self):
        def without_each_field(value, path=()):
            if isinstance(value, dict) and path[-1:] not in (("counters",), ("bpf_knobs",),
                                                             ("mitigations",)):
                for name in value:
                    yield (*path, name)
            items = value.items() if isinstance(value, dict) else enumerate(value)
            for key, inner in items:
                if isinstance(inner, (dict, list)):
                    yield from without_each_field(inner, (*path, key))

        checked = 0
        for path in without_each_field(self.record):
            damaged = copy.deepcopy(self.record)
            parent = damaged
            for key in path[:-1]:
                parent = parent[key]
            del parent[path[-1]]
            self.assertFalse(self.validator.is_valid(damaged), path)
            checked += 1
        self.assertGreater(checked, 100)

    def test_a_number_that_is_not_finite_is_null(self):
        self.record["rows"][0]["samples_ns"][0] = None
        self.record["rows"][0]["counters"]["setup_ms"] = None
        self.record["self_checks"][0]["value"]["low"] = None
        self.assertTrue(self.validator.is_valid(self.record))
        self.assertFalse(self.validator.is_valid({**self.record, "seed": None}))

    def test_wrong_types_are_noticed(self):
        for change in (("seed", "1"), ("rows", {}), ("mode", "slow"), ("schema_version", 2)):
            self.assertFalse(self.validator.is_valid({**self.record, change[0]: change[1]}), change)

    def test_nothing_is_written_that_the_schema_does_not_know(self):
        closed = copy.deepcopy(self.schema)
        for schema in objects_with_properties(closed):
            schema["additionalProperties"] = False
        self.assertEqual([error.message for error in
                          jsonschema.Draft7Validator(closed).iter_errors(self.record)], [])

    def test_every_field_is_explained(self):
        readme = (RESULTS / "README.md").read_text()
        for schema in objects_with_properties(self.schema):
            for name in schema["properties"]:
                self.assertIn(f"`{name}`", readme)


if __name__ == "__main__":
    RECORD = subprocess.run([sys.argv[1]], capture_output=True, check=True).stdout
    RESULTS = pathlib.Path(sys.argv[2])
    del sys.argv[1:]
    unittest.main()
