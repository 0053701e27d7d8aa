#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Checks the files of runs, and baselines, against their schemas, and the schemas against results/README.md.

Usage: schema_test.py PROGRAM_THAT_PRINTS_A_RECORD RESULTS_FOLDER TEST...
"""
import copy
import json
import pathlib
import subprocess
import sys
import unittest

import jsonschema

PROGRAM = None
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


class SchemaChecks:
    """What holds for every kind of file. `kind` makes the program print one, `least_fields` is about how many
    fields it has."""

    def setUp(self):
        self.schema = json.loads((RESULTS / "schema" / f"{self.kind}-1.schema.json").read_text())
        jsonschema.Draft7Validator.check_schema(self.schema)
        self.validator = jsonschema.Draft7Validator(self.schema)
        printed = subprocess.run([PROGRAM, self.kind], capture_output=True, check=True).stdout
        self.record = json.loads(printed)

    def test_what_is_written_is_valid(self):
        self.assertEqual([error.message for error in self.validator.iter_errors(self.record)], [])

    def test_a_missing_field_is_noticed_at_every_level(self):
        def without_each_field(value, path=()):
            if isinstance(value, dict) and path[-1:] not in (("counters",), ("counts",), ("bpf_knobs",),
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
        self.assertGreater(checked, self.least_fields)

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


class ResultSchemaTest(SchemaChecks, unittest.TestCase):
    kind = "result"
    least_fields = 100

    def test_a_number_that_is_not_finite_is_null(self):
        self.record["rows"][0]["samples_ns"][0] = None
        self.record["rows"][0]["counters"]["setup_ms"] = None
        self.record["self_checks"][0]["value"]["low"] = None
        self.assertTrue(self.validator.is_valid(self.record))
        self.assertFalse(self.validator.is_valid({**self.record, "seed": None}))

    def test_wrong_types_are_noticed(self):
        for change in (("seed", "1"), ("rows", {}), ("mode", "slow"), ("schema_version", 2)):
            self.assertFalse(self.validator.is_valid({**self.record, change[0]: change[1]}), change)


class GateSchemaTest(SchemaChecks, unittest.TestCase):
    kind = "gate"
    least_fields = 150

    def test_a_number_that_is_not_finite_is_null(self):
        self.record["rows"][1]["base_samples"][0] = None
        self.record["rows"][1]["change"]["low"] = None
        self.assertTrue(self.validator.is_valid(self.record))
        self.assertFalse(self.validator.is_valid({**self.record, "seed": None}))

    def test_wrong_types_are_noticed(self):
        for change in (("seed", "1"), ("rows", {}), ("verdict", "fine"), ("kind", "new"), ("schema_version", 2)):
            self.assertFalse(self.validator.is_valid({**self.record, change[0]: change[1]}), change)


class BaselineSchemaTest(SchemaChecks, unittest.TestCase):
    kind = "baseline"
    least_fields = 40

    def test_wrong_types_are_noticed(self):
        for change in (("seed", "1"), ("rows", []), ("mode", "slow"), ("batch_ns", None), ("schema_version", 2)):
            self.assertFalse(self.validator.is_valid({**self.record, change[0]: change[1]}), change)


class InstructionsSchemaTest(SchemaChecks, unittest.TestCase):
    kind = "instructions"
    least_fields = 100

    def test_wrong_types_are_noticed(self):
        for change in (("seed", "1"), ("rows", {}), ("mode", "slow"), ("calibrations", None), ("schema_version", 2)):
            self.assertFalse(self.validator.is_valid({**self.record, change[0]: change[1]}), change)

    def test_counts_are_whole_numbers(self):
        for field, wrong in (("instructions", 0.5), ("residue", -1), ("lookups", None), ("packets", 0)):
            damaged = copy.deepcopy(self.record)
            damaged["rows"][0][field] = wrong
            self.assertFalse(self.validator.is_valid(damaged), field)


class FloodSchemaTest(SchemaChecks, unittest.TestCase):
    kind = "flood"
    least_fields = 90

    def test_wrong_types_are_noticed(self):
        for change in (("seed", "1"), ("families", {}), ("complete", 1), ("generator", None), ("schema_version", 2)):
            self.assertFalse(self.validator.is_valid({**self.record, change[0]: change[1]}), change)


class LatencySchemaTest(SchemaChecks, unittest.TestCase):
    kind = "latency"
    least_fields = 90

    def test_wrong_types_are_noticed(self):
        for change in (("seed", "1"), ("sections", {}), ("complete", 1), ("mode", "slow"), ("schema_version", 2)):
            self.assertFalse(self.validator.is_valid({**self.record, change[0]: change[1]}), change)


class RangeSchemaTest(SchemaChecks, unittest.TestCase):
    kind = "range"
    least_fields = 60

    def test_wrong_types_are_noticed(self):
        for change in (("seed", "1"), ("families", {}), ("complete", 1), ("mode", "slow"), ("schema_version", 2)):
            self.assertFalse(self.validator.is_valid({**self.record, change[0]: change[1]}), change)


class CompareSchemaTest(SchemaChecks, unittest.TestCase):
    kind = "compare"
    least_fields = 150

    def test_wrong_types_are_noticed(self):
        for change in (("seed", "1"), ("rows", {}), ("clock", "cycles"), ("kernels", []), ("schema_version", 2)):
            self.assertFalse(self.validator.is_valid({**self.record, change[0]: change[1]}), change)

    def test_what_cannot_be_compared_has_no_delta(self):
        self.record["rows"][0]["cells"][1]["delta"] = None
        self.assertTrue(self.validator.is_valid(self.record))
        self.record["rows"][0]["cells"][1]["verdict"] = None
        self.assertFalse(self.validator.is_valid(self.record))


if __name__ == "__main__":
    PROGRAM = sys.argv[1]
    RESULTS = pathlib.Path(sys.argv[2])
    del sys.argv[1:3]
    unittest.main()
