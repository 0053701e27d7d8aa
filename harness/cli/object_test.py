#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""conform, bench and fuzz with a user's program: the dispatcher of bpf/examples, wrong answers, mistakes.

Usage: object_test.py PATH_TO_SKLAB FOLDER_OF_BPF_OBJECTS SCENARIO [unittest arguments]
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

SKLAB = OBJECTS = SCENARIO = None
SMALL = "object 1\nsocket web udp4 127.0.0.1:80\npacket udp4 127.0.0.9:4000 -> 127.0.0.1:80\n"


def sklab(*arguments, **options):
    return subprocess.run([SKLAB, *map(str, arguments)], capture_output=True, text=True, timeout=100,
                          check=False, **options)


class ObjectTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.output = self.folder / "runs"

    def scenario(self, text):
        file = self.folder / "a.scenario"
        file.write_text(text)
        return file

    def ask(self, command, *arguments, program=None, scenario=None, **options):
        return sklab(command, "--object", program or OBJECTS / "examples" / "dispatcher.bpf.o",
                     "--scenario", scenario or SCENARIO, *arguments, **options)

    def assortment(self, program):
        return f"{OBJECTS / 'test_objects' / 'assortment.bpf.o'}:{program}"

    def expect_refusal(self, result, code, *words):
        self.assertEqual(result.returncode, code, result.stderr)
        self.assertEqual(result.stdout, "")
        self.assertEqual(len(result.stderr.strip().splitlines()), 1, result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)


class Conform(ObjectTest):
    def conform(self, *arguments, **options):
        return self.ask("conform", "--output", self.output, *arguments, **options)

    def test_the_dispatcher_does_what_its_scenario_says(self):
        result = self.conform()
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("= dns_next: socket=dns_next program=dns_next plain=none; wire: socket=dns_next reply=none",
                      result.stdout)
        record = json.loads((self.output / "latest" / "conform.json").read_text())
        self.assertEqual({case["group"] for case in record["cases"]}, {"object"})
        self.assertEqual(record["cases"][-1]["name"], "references")
        self.assertTrue((self.output / "latest" / "junit.xml").exists())

    def test_a_wrong_answer_is_a_finding_that_can_be_shown_again(self):
        wrong = SCENARIO.read_text().replace("192.0.2.7:80 = web", "192.0.2.7:80 = dns")
        result = self.conform("--json", scenario=self.scenario(wrong))
        self.assertEqual(result.returncode, 1, result.stderr)
        failed = [case for case in json.loads(result.stdout)["cases"] if case["result"] == "fail"]
        self.assertEqual([case["name"] for case in failed], ["packet 1"])
        self.assertIn("it is not the expected answer: socket=web program=web plain=none", failed[0]["reason"])
        again = self.conform(scenario=self.output / "latest" / "mismatch_1.scenario")
        self.assertEqual(again.returncode, 1, again.stderr)
        self.assertIn("not ok 1 packet 1", again.stdout)

    def test_a_packet_without_an_answer_is_shown_and_not_to_be_dropped(self):
        for port, code in ((80, 0), (9, 1)):
            scenario = self.scenario(SMALL.replace("-> 127.0.0.1:80", f"-> 127.0.0.1:{port}"))
            result = self.conform(program=self.assortment("drops_a_port"), scenario=scenario)
            self.assertEqual(result.returncode, code, result.stderr)
            self.assertIn("program=drop" if code else "program=pass", result.stdout)
        allowed = self.scenario(SMALL.replace("-> 127.0.0.1:80", "-> 127.0.0.1:9") + "may drop\n")
        self.assertEqual(self.conform(program=self.assortment("drops_a_port"), scenario=allowed).returncode, 0)

    def test_a_program_that_answers_differently_each_time_is_found_out(self):
        text = SMALL.replace("packet", "entry wide_sockmap key u32:0 socket web\npacket").replace(
            "-> 127.0.0.1:80", "-> 127.0.0.1:81")
        result = self.conform(program=self.assortment("alternates"), scenario=self.scenario(text))
        self.assertEqual(result.returncode, 1, result.stderr)

    def test_mistakes_are_one_line(self):
        damaged = self.scenario(SCENARIO.read_text().replace("entry sockets key u32:1 socket web\n",
                                                             "entry sockets key u32:1 socket wbe\n"))
        self.expect_refusal(self.conform(scenario=damaged), 2, "a.scenario:12:32", "a socket named above")
        small = self.scenario(SMALL)
        self.expect_refusal(self.conform(scenario="/no/such/file"), 2, "/no/such/file")
        self.expect_refusal(self.conform(program="/no/such/file"), 2, "/no/such/file")
        self.expect_refusal(self.conform(program=small, scenario=small), 2, str(small))
        self.expect_refusal(self.conform(program=self.assortment("refused"), scenario=small), 2, "verifier")
        self.expect_refusal(self.conform(program=self.assortment("nothing"), scenario=small), 2, "drops_a_port")
        self.expect_refusal(self.conform("--quick"), 2, "--object")
        self.expect_refusal(sklab("conform", "--object", "a"), 2, "--scenario")
        for command in ("conform", "bench", "fuzz"):
            self.expect_refusal(sklab(command, "--object", "", "--scenario", small), 2, "--object", "name is missing")
            self.expect_refusal(sklab(command, "--object", "a", "--scenario", ""), 2, "--scenario", "name is missing")
        for socket, word in (("udp6 [fe80::1]:53", "link-local"), ("tcp6 [ff05::1]:80", "multicast")):
            unbound = self.scenario(SMALL.replace("packet", f"socket a {socket}\npacket"))
            self.expect_refusal(self.conform(scenario=unbound), 2, "a.scenario:3:1", word)
        small = self.scenario(SMALL)
        misfit = self.scenario(SMALL.replace("packet", "entry bytes key u32:0 value u64:1\npacket"))
        self.expect_refusal(self.conform(program=self.assortment("alternates"), scenario=misfit), 2, "bytes", "line 3")
        self.assertEqual(list(self.output.glob("*")), [])

    def test_the_scenario_may_come_from_stdin(self):
        result = self.conform(program=self.assortment("drops_a_port"), scenario="-", input=SMALL)
        self.assertEqual(result.returncode, 0, result.stderr)


class Bench(ObjectTest):
    def bench(self, *arguments, **options):
        return self.ask("bench", "--output", self.output, *arguments, **options)

    def test_rows_of_each_kind_of_packet(self):
        result = self.bench("--time", 0.5, "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        rows = {row["name"]: row for row in json.loads(result.stdout)["rows"]}
        self.assertEqual(set(rows), {f"object_{kind}/{row}" for kind in ("tcp4", "tcp6", "udp4")
                                     for row in ("plain", "key_on", "pass", "program")})
        program = rows["object_udp4/program"]
        self.assertEqual(program["program_runs"], [program["verified_lookups"]])
        self.assertIn("beyond_pass_ns", program["counters"])

    def test_a_wrong_answer_has_no_number(self):
        wrong = SCENARIO.read_text().replace("192.0.2.7:80 = web", "192.0.2.7:80 = dns")
        result = self.bench("--time", 0.3, "--filter", "tcp4/program", scenario=self.scenario(wrong))
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertRegex(result.stdout, r"(?m)^  program +FAILED\n +line 3\d: packet tcp4")

    def test_mistakes_are_one_line_and_before_measuring(self):
        self.expect_refusal(self.bench(program=self.assortment("refused"), scenario=self.scenario(SMALL)), 2,
                            "verifier")
        self.expect_refusal(self.bench("--filter", "udp6"), 2, "udp6")
        packet = SMALL.splitlines(keepends=True)[-1]
        for count in (513, 16384):
            many = self.scenario(SMALL + packet * (count - 1))
            self.expect_refusal(self.bench(program=self.assortment("drops_a_port"), scenario=many), 2,
                                f"{count} of udp4", "up to 512", "up to 4096")
        self.assertEqual(list(self.output.glob("*")), [])

    def test_list_needs_no_object(self):
        result = self.bench("--list", program="/no/such/file")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("object_tcp6/program", result.stdout)


class Fuzz(ObjectTest):
    def fuzz(self, *arguments, **options):
        return self.ask("fuzz", "--folder", self.folder / "found", *arguments, **options)

    def test_nothing_is_wrong_with_the_dispatcher(self):
        result = self.fuzz("--time", "1s", "--seed", 7, "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        record = json.loads(result.stdout)
        self.assertIsNone(record["finding"])
        for answer in ("passed", "selected", "dropped"):
            self.assertGreater(record[answer], 0, answer)
        self.assertIn("seed 7", result.stderr)
        self.assertFalse((self.folder / "found").exists())

    def test_a_port_that_is_dropped_is_found_reduced_and_shown_again(self):
        result = self.fuzz("--time", "20s", program=self.assortment("drops_a_port"), scenario=self.scenario(SMALL))
        self.assertEqual(result.returncode, 1, result.stderr)
        [finding] = (self.folder / "found").glob("*.scenario")
        packets = [line for line in finding.read_text().splitlines() if line.startswith("packet")]
        self.assertEqual(len(packets), 1)
        self.assertRegex(packets[0], r":[09]$")
        self.assertIn(str(finding), result.stderr)
        again = self.ask("conform", "--output", self.output, program=self.assortment("drops_a_port"), scenario=finding)
        self.assertEqual(again.returncode, 1, again.stderr)

    def test_no_finding_is_lost(self):
        found = self.folder / "found"
        found.mkdir()
        (found / "finding_7.scenario").write_text("another object's")
        small = self.scenario(SMALL)
        ask = ("--time", "20s", "--seed", 7)
        result = self.fuzz(*ask, program=self.assortment("drops_a_port"), scenario=small)
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertEqual((found / "finding_7.scenario").read_text(), "another object's")
        self.assertIn("packet ", (found / "finding_7_2.scenario").read_text())
        self.assertRegex(result.stderr, r"(?m)^the program drops it.*\npacket .*:[09]$")
        # Where nothing can be written.
        result = self.ask("fuzz", *ask, "--json", "--folder", "/proc/self/fdinfo",
                          program=self.assortment("drops_a_port"), scenario=small)
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertRegex(result.stderr, r"(?m)^packet .*:[09]$")
        self.assertIn("sklab: cannot", result.stderr)
        self.assertEqual(json.loads(result.stdout)["finding"]["file"], "")
        result = self.ask("fuzz", *ask, "--folder", small / "found", program=self.assortment("drops_a_port"),
                          scenario=small)
        self.assertIn(str(small), result.stderr)
        self.assertNotIn("packet ", result.stderr)

    def test_connections_of_one_s_own_need_no_wire(self):
        own = "socket own tcp6 [::1]:85 peer=[::1]:4001\npacket tcp6 [::1]:4001 -> [::1]:85 = own\nmay drop\npacket"
        result = self.fuzz("--time", "0.3s", program=self.assortment("drops_a_port"),
                           scenario=self.scenario(SMALL.replace("packet", own)))
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_mistakes_are_one_line(self):
        self.expect_refusal(self.fuzz("--time", "soon"), 2, "soon")
        self.expect_refusal(self.fuzz("--time", "0"), 2, "--time")
        self.expect_refusal(self.fuzz("--list"), 2, "--object")
        self.expect_refusal(self.fuzz(program="/no/such/file"), 2, "/no/such/file")


if __name__ == "__main__":
    SKLAB = os.path.abspath(sys.argv.pop(1))
    OBJECTS = pathlib.Path(sys.argv.pop(1)).resolve()
    SCENARIO = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main(verbosity=2)
