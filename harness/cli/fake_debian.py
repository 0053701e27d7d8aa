#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Stands for apt-get, apt-cache, apt-helper, dpkg-deb and qemu-system-x86_64 in kernel_test.py, by its name.

The archive is the folder FAKE_ARCHIVE: `index` is what apt-cache prints, PACKAGE_VERSION.deb are tar files, and `calls`
gets a line a call, `guests` one a boot. FAKE_FAILURE names a tool that fails. FAKE_BOOT says how a guest's kernel behaves.
"""
import os
import pathlib
import re
import shutil
import struct
import sys
import tarfile
import time

ARCHIVE = pathlib.Path(os.environ["FAKE_ARCHIVE"])
STARTED, OUTPUT, EXIT = 1, 3, 8
READY = '{"ready": true, "reason": "", "features": [{"name": "veth pairs", "status": "yes"}]}'
LACKS = '{"ready": false, "reason": "use sk_lookup hook; needs Linux 5.9"}'


def apt_get(arguments):
    if "update" in arguments:
        (ARCHIVE / "known").write_text((ARCHIVE / "index").read_text())
        return 0
    for package, version in (argument.split("=", 1) for argument in arguments[arguments.index("download") + 1:]):
        shutil.copy(ARCHIVE / f"{package}_{version}.deb", ".")
    return 0


def apt_cache(_arguments):
    known = ARCHIVE / "known"
    if known.exists() and known.read_text():
        print(known.read_text())
        return 0
    print("E: No packages found", file=sys.stderr)
    return 100


def apt_helper(arguments):
    source, target = arguments[-2:]
    package = ARCHIVE / source.rsplit("/", 1)[1].replace("_amd64", "")
    if not package.exists():
        print(f"E: Failed to fetch {source} 404 Not Found", file=sys.stderr)
        return 100
    shutil.copy(package, target)
    return 0


def dpkg_deb(arguments):
    with tarfile.open(arguments[1]) as package:
        package.extractall(arguments[2])
    return 0


def what_it_prints(arguments):
    """Of a command that is no trial: the file `output` of the archive, with what follows COUNT= or EXIT= in the image."""
    image = pathlib.Path(arguments[arguments.index("-kernel") + 1]).read_bytes()
    told = dict(re.findall(rb"(COUNT|EXIT)=([0-9]+)", image))
    if not told:
        return READY, 0
    return (ARCHIVE / "output").read_text().replace("4242", told.get(b"COUNT", b"0").decode()), int(told.get(b"EXIT", 0))


def qemu(arguments):
    paths = dict(re.match(r"file,id=(\w+),path=(.*)", argument).groups() for argument in arguments
                 if argument.startswith("file,id="))
    kind = os.environ.get("FAKE_BOOT", "")
    accelerator = arguments[arguments.index("-accel") + 1]
    with open(ARCHIVE / "guests", "a", encoding="utf-8") as lines:
        lines.write(f"{os.path.basename(arguments[arguments.index('-kernel') + 1])} {accelerator}\n")
    if accelerator == "kvm" and not os.environ.get("FAKE_KVM"):
        print("failed to initialize kvm", file=sys.stderr)
        return 1
    with open(ARCHIVE / "kernel_arguments", "a", encoding="utf-8") as lines:
        lines.write(arguments[arguments.index("-append") + 1] + "\n")
    console = "Linux version 6.1.0-test\n"
    if kind == "panic":
        console += "[    1.000000] Kernel panic - not syncing: VFS: Unable to mount root fs\n"
    pathlib.Path(paths["console"]).write_text(console)
    if kind == "slow":
        (ARCHIVE / "booting").touch()
        time.sleep(60)
    output, code = (LACKS, 4) if kind == "lacks" else what_it_prints(arguments)
    frames = [] if kind == "panic" else [(STARTED, "6.1.0-test"), (OUTPUT, output), (EXIT, str(code))]
    with open(paths["channel"], "wb") as channel:
        for number, text in frames:
            channel.write(struct.pack("<BI", number, len(text)) + text.encode())
    return 1


TOOLS = {"apt-get": apt_get, "apt-cache": apt_cache, "apt-helper": apt_helper, "dpkg-deb": dpkg_deb, "qemu-system-x86_64": qemu}


def main():
    name = os.path.basename(sys.argv[0])
    what = next((word for word in ("update", "download") if word in sys.argv), "")
    with open(ARCHIVE / "calls", "a", encoding="utf-8") as calls:
        calls.write(f"{name} {what}".strip() + "\n")
    if os.environ.get("FAKE_FAILURE") in (name, what):
        print("W: something else\nE: Could not resolve 'deb.debian.org'\nE: more", file=sys.stderr)
        return 100
    return TOOLS[name](sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
