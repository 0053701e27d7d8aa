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

# node and npm can come from elsewhere than Debian, whose npm would be in conflict with theirs.
missing_packages() {
	command -v node >/dev/null && command -v npm >/dev/null || printf 'nodejs\nnpm\n'
	for package in $(grep -v '^#' scripts/packages.txt); do
		dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
			echo "$package"
	done
}

# What the report page is made of, and tested with: the versions in package-lock.json.
install_page_packages() {
	folder=harness/record/page
	[ -n "$(find $folder/package-lock.json -newer $folder/node_modules/.package-lock.json 2>&1)" ] || return 0
	echo "installing the npm packages of $folder" >&2
	npm ci --prefix $folder >build-packages.log 2>&1 ||
		fail "npm failed: $(tail -n 1 build-packages.log) (all of it: build-packages.log)" 70
	rm -f build-packages.log
}

# Installs what scripts/packages.txt names, and what the page needs, and is not there yet.
install_packages() {
	install_system_packages
	install_page_packages
}

install_system_packages() {
	command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
		fail "installs packages on Debian only; elsewhere install what scripts/packages.txt names, node and npm, then: npm ci --prefix harness/record/page && cmake --preset release && cmake --build --preset release && build/release/harness/cli/sklab bench" 4
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
