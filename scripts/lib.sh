# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# What the other scripts share. To be sourced, from the top folder.
# shellcheck shell=sh

fail() {
	echo "$(basename "$0"): $1" >&2
	exit "$2"
}

require_root() {
	[ "$(id -u)" = 0 ] ||
		fail "needs root: it attaches BPF programs to network namespaces of its own (try sudo $0)" 4
}

missing_packages() {
	for package in $(grep -v '^#' scripts/packages.txt); do
		dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
			echo "$package"
	done
}

# Installs what scripts/packages.txt names and is not there yet.
install_packages() {
	command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
		fail "installs packages on Debian only; elsewhere install what scripts/packages.txt names, then: cmake --preset release && cmake --build --preset release && build/release/harness/cli/sklab bench" 4
	missing=$(missing_packages)
	[ -n "$missing" ] || return 0
	[ "$(id -u)" = 0 ] || fail "needs root to install: $(echo "$missing" | tr '\n' ' ')" 4
	echo "installing: $(echo "$missing" | tr '\n' ' ')" >&2
	# shellcheck disable=SC2086 # one word a package
	(apt-get -q update && DEBIAN_FRONTEND=noninteractive \
		apt-get -q install -y --no-install-recommends $missing) >build-packages.log 2>&1 ||
		fail "apt-get failed: $(tail -n 1 build-packages.log) (all of it: build-packages.log)" 70
	rm -f build-packages.log
}

configure() {
	[ -f "build/$1/build.ninja" ] || cmake --preset "$1" >&2
}

# build PRESET [--target NAME...]: configures once, then builds what changed.
build() {
	configure "$1"
	cmake --build --preset "$@" >&2
}
