#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Checks, fuzzes and races kernels in guests, in turns, until its time is over.

Everything it knows is in its folder: run it again after whatever ended it, and it goes on."""
import argparse
import pathlib
import signal
import subprocess
import sys
import time

import page
import work

EXAMPLES = """examples:
  scripts/campaign --hours 8 --kernels 6.1,6.12,6.18 --jobs 2
  scripts/campaign --hours 8 --kernels 6.1,6.12,6.18 --jobs 2     once more: goes on
  scripts/campaign --status                                       only the page and the mail, of what is there
  sklab kernel build --source ~/linux --kasan --kcov --preempt --name mine
  scripts/campaign --hours 1 --kernels mine --kinds fuzz,race

The folder has status.html, mail.txt, and a folder for each kind of work of each kernel.
Exit codes: 0 fine; 1 findings; 2 usage; 4 nothing could run; 130 interrupted."""
USAGE = 2
LEAST_SLICE_S = 20
GRACE_S = 900  # a slice ends by itself; what it found is reduced after that


class Parser(argparse.ArgumentParser):
    def error(self, message):
        self.exit(USAGE, f"{self.prog}: {message}; --help has examples\n")


def parse_arguments():
    parser = Parser(prog="scripts/campaign", description=__doc__, epilog=EXAMPLES,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sklab", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--hours", type=float, default=1.0, help="how long (default: %(default)s)")
    parser.add_argument("--kernels", default="", help="names, as `sklab kernel list` has them, with commas between")
    parser.add_argument("--kinds", default="conform,fuzz,race", help="of work (default: %(default)s)")
    parser.add_argument("--targets", default="semantics_fuzzer,lifecycle_fuzzer,program_fuzzer,packet_fuzzer",
                        help="fuzzers (default: %(default)s)")
    parser.add_argument("--fuzzers", default="", help="folder of the fuzzers")
    parser.add_argument("--jobs", type=int, default=1, help="guests at a time (default: %(default)s)")
    parser.add_argument("--slice", type=float, default=600, metavar="S", help="seconds of a turn (default: %(default)s)")
    parser.add_argument("--folder", default="standing-campaign", help="(default: %(default)s)")
    parser.add_argument("--status", action="store_true", help="only write the page and the mail")
    settings = parser.parse_args()
    settings.kernels = [name for name in settings.kernels.split(",") if name]
    settings.kinds = settings.kinds.split(",")
    known = {kind.kind for kind in work.KINDS}
    if not set(settings.kinds) <= known:
        parser.error(f"--kinds are of {', '.join(sorted(known))}")
    if settings.hours <= 0 or settings.slice < LEAST_SLICE_S or settings.jobs < 1:
        parser.error(f"--hours and --jobs have to be more than 0, --slice at least {LEAST_SLICE_S}")
    return parser, settings


class Campaign:
    def __init__(self, settings, state):
        self.settings = settings
        self.state = state
        self.stopped = False
        self.child = None
        self.end = time.monotonic() + settings.hours * 3600
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.stop)

    def stop(self, *_):
        """The slice ends as it would for a user; a second time, at once."""
        if self.child:
            self.child.send_signal(signal.SIGKILL if self.stopped else signal.SIGINT)
        self.stopped = True

    def say(self, text):
        print(f"campaign: {text}", file=sys.stderr, flush=True)

    def run(self):
        self.write()
        while not self.stopped:
            left = self.end - time.monotonic()
            job = self.state.next()
            if job is None or left < LEAST_SLICE_S:
                break
            self.run_slice(job, min(left, self.settings.slice))
            self.write()

    def run_slice(self, job, seconds):
        job.folder.mkdir(parents=True, exist_ok=True)
        log = job.folder / "last.log"
        begin = time.monotonic()
        self.say(f"{job.name}, {seconds:.0f} s")
        known = {folder for folder, _ in job.findings()}
        with log.open("wb") as errors:
            # In a session of its own, so that Ctrl-C reaches it once, from here.
            self.child = subprocess.Popen([self.settings.sklab, *job.command(seconds, self.settings)],
                                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors,
                                          start_new_session=True, text=True, errors="replace")
            if self.stopped:
                self.child.send_signal(signal.SIGINT)
            try:
                output, _ = self.child.communicate(timeout=seconds + GRACE_S)
            except subprocess.TimeoutExpired:
                self.child.kill()
                output, _ = self.child.communicate()
        code = self.child.returncode
        self.child = None
        said = log.read_text(errors="replace")
        job.take(code, output, said, time.monotonic() - begin)
        for folder, signature in job.findings():
            if folder not in known:
                self.say(f"FINDING {signature} ({folder})")
        if code not in (0, work.FINDING, work.INTERRUPTED):
            self.say(f"{job.name} ended with {code}: {work.last_line(said)}")

    def write(self):
        self.state.save()
        page.write(self.state)


def main():
    parser, settings = parse_arguments()
    state = work.State(settings.folder)
    if settings.status and not state.path.exists():
        parser.error(f"{settings.folder} has no campaign")
    if not settings.status and not settings.kernels:
        parser.error("--kernels names those to check, fuzz and race")
    settings.sklab = str(pathlib.Path(settings.sklab).resolve())
    state.load([] if settings.status else settings.kernels, settings.kinds)
    if settings.status:
        page.write(state)
        print(page.mail(state), end="")
        return 0
    campaign = Campaign(settings, state)
    for note in state.notes:
        campaign.say(note)
    campaign.run()
    print(page.mail(state), end="")
    print(f"\n{pathlib.Path(settings.folder) / 'status.html'}", file=sys.stderr)
    if any(one.is_bad() for one in state.work):
        return work.FINDING
    if campaign.stopped:
        return work.INTERRUPTED
    wanted = [one for one in state.work if (one.kind, one.kernel) in state.wanted]
    return work.SKIP if all(one.state["given_up"] for one in wanted) else 0


if __name__ == "__main__":
    sys.exit(main())
