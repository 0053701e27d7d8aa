# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The Debian package of a build, for tests."""
import subprocess


def make_package(build, folder):
    """Path of the package of the build, which is made in the folder."""
    # Packing takes longer than everything else; what is packed is the same without.
    made = subprocess.run(["cpack", "--config", build / "CPackConfig.cmake", "-B", folder,
                           "-D", "CPACK_DEBIAN_COMPRESSION_TYPE=none"],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=120)
    if made.returncode != 0:
        raise RuntimeError(made.stdout)
    [package] = folder.glob("*.deb")
    return package
