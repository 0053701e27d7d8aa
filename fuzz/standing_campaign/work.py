# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""What a standing campaign does: kinds of work, each of a kernel, and what is known of them."""
import json
import os
import pathlib

FINDING, SKIP, INTERRUPTED = 1, 4, 130
MOST_FAILURES = 3  # in a row: then a kernel is given up for this kind of work


def last_line(text):
    return "".join(text.strip().splitlines()[-1:])


def json_in(output):
    """The JSON object that was printed; an empty one if there is none."""
    try:
        return json.loads(output[output.index("{"):output.rindex("}") + 1])
    except ValueError:
        return {}


class Work:
    """One kind of work on one kernel. Everything that lasts is in `state`, a dict for JSON."""

    def __init__(self, kernel, folder, state):
        self.kernel = kernel
        self.folder = folder
        self.state = {"kind": self.kind, "kernel": kernel, "given_s": 0.0, "slices": 0, "failures": 0,
                      "failures_in_row": 0, "given_up": "", "figures": {}, **state}

    @property
    def name(self):
        return f"{self.kind}-{self.kernel}"

    def wants_time(self):
        return not self.state["given_up"]

    def findings(self):
        """Folders of findings, oldest first, with what they are called."""
        folders = sorted(self.folder.glob("findings/*/finding.json"), key=lambda path: (path.stat().st_mtime, path))
        for path in folders:
            try:
                signature = json.loads(path.read_text(errors="replace"))["signature"]
            except (ValueError, KeyError):
                signature = "(unreadable)"
            yield path.parent, signature

    def take(self, code, output, said, seconds):
        """What came of a slice: its exit code, and what it wrote to stdout and stderr."""
        self.state["given_s"] += seconds
        self.state["slices"] += 1
        if code in (0, FINDING, INTERRUPTED):
            self.state["failures_in_row"] = 0
            self.take_output(output)
            if code == FINDING and not any(True for _ in self.findings()):
                self.state["broken"] = last_line(said)
            return
        self.state["failures"] += 1
        self.state["failures_in_row"] += 1
        if code == SKIP or self.state["failures_in_row"] >= MOST_FAILURES:
            self.state["given_up"] = last_line(said) or f"exit code {code}"

    def is_bad(self):
        return bool(self.state.get("broken")) or any(True for _ in self.findings())

    def count(self, **figures):
        for name, value in figures.items():
            self.state["figures"][name] = self.state["figures"].get(name, 0) + value


class Conform(Work):
    """Every rule, once: what is wrong there need not be fuzzed for."""
    kind = "conform"

    def command(self, _seconds, _settings):
        return ["conform", "--quick", "--target", f"guest:{self.kernel}", "--output", str(self.folder), "--json"]

    def wants_time(self):
        return super().wants_time() and not self.state["figures"]

    def take_output(self, output):
        record = json_in(output)
        self.count(checked=record.get("outcomes_checked", 0), mismatches=record.get("mismatches", 0))


class Fuzz(Work):
    """Fuzzers in guests; the folder goes on from slice to slice."""
    kind = "fuzz"

    def command(self, seconds, settings):
        command = ["fuzz", "--target", f"guest:{self.kernel}", "--time", f"{seconds:.0f}s", "--jobs",
                   str(settings.jobs), "--folder", str(self.folder), "--targets", settings.targets]
        return command + (["--fuzzers", settings.fuzzers] if settings.fuzzers else [])

    def take_output(self, _output):
        try:
            summary = json.loads((self.folder / "summary.json").read_text())
        except (OSError, ValueError):
            return
        self.count(checked=summary["total"]["checked"], inputs=summary["total"]["executions"])


class Race(Work):
    """Races; each seed is used once."""
    kind = "race"

    def command(self, seconds, settings):
        return ["race", "--target", f"guest:{self.kernel}", "--time", f"{seconds:.0f}s", "--jobs", str(settings.jobs),
                "--folder", str(self.folder), "--seed", str(self.state.get("next_seed", 1)), "--keep-going", "--json"]

    def take_output(self, output):
        seeds = json_in(output).get("seeds", [])
        if seeds:
            self.state["next_seed"] = max(seed["seed"] for seed in seeds) + 1
        self.count(checked=sum(seed["rounds"] for seed in seeds), seeds=len(seeds))


KINDS = [Conform, Fuzz, Race]


class State:
    """All work of a campaign, in campaign.json of its folder."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.path = self.folder / "campaign.json"
        self.work = []
        self.wanted = set()
        self.notes = []

    def load(self, kernels, kinds):
        known = {}
        if self.path.exists():
            try:
                known = {(one["kind"], one["kernel"]): one for one in json.loads(self.path.read_text())["work"]}
            except (ValueError, KeyError, TypeError):
                # What cannot be understood is kept, and does not keep the campaign from going on.
                os.replace(self.path, str(self.path) + ".unreadable")
                self.notes.append("campaign.json could not be read, and is campaign.json.unreadable now")
        # The kernels of other runs stay in the file, on the page and in the mail.
        self.wanted = {(kind.kind, kernel) for kind in KINDS if kind.kind in kinds for kernel in kernels}
        for kind in KINDS:
            for kernel in dict.fromkeys([*kernels, *(name for _, name in known)]):
                if (kind.kind, kernel) in self.wanted or (kind.kind, kernel) in known:
                    folder = self.folder / f"{kind.kind}-{kernel.replace('/', '_')}"
                    self.work.append(kind(kernel, folder, known.get((kind.kind, kernel), {})))

    def save(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        temporary = self.path.with_suffix(".tmp")
        temporary.write_text(json.dumps({"work": [one.state for one in self.work]}, indent=1) + "\n")
        os.replace(temporary, self.path)

    def next(self):
        """The work that has had the least time; none if nothing is left."""
        waiting = [one for one in self.work if (one.kind, one.kernel) in self.wanted and one.wants_time()]
        return min(waiting, key=lambda one: one.state["given_s"], default=None)
