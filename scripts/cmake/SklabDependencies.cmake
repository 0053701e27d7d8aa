# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Everything comes from the distribution; scripts/packages.txt names the packages.

option(SKLAB_STATIC "Make sklab one static program: for any Linux on x86-64, and for guests" OFF)

find_package(benchmark REQUIRED)
find_package(CLI11 REQUIRED)
find_package(fmt REQUIRED)
find_package(GTest REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(Threads REQUIRED)
find_package(tl-expected REQUIRED)
find_package(tomlplusplus REQUIRED)

set(SKLAB_FMT fmt::fmt)
set(SKLAB_TOML tomlplusplus::tomlplusplus)
set(SKLAB_PUGIXML pugixml::pugixml)
if(SKLAB_STATIC)
  # Of these Debian has no static library.
  set(SKLAB_FMT fmt::fmt-header-only)
  add_library(sklab_toml INTERFACE)
  target_compile_definitions(sklab_toml INTERFACE TOML_HEADER_ONLY=1)
  set(SKLAB_TOML sklab_toml)
  set(SKLAB_PUGIXML pugixml::static)
  set(CMAKE_FIND_LIBRARY_SUFFIXES .a)
  set(PKG_CONFIG_ARGN --static)
endif()

find_package(PkgConfig REQUIRED)
pkg_check_modules(libbpf REQUIRED IMPORTED_TARGET libbpf>=1.1)
pkg_check_modules(libdw REQUIRED IMPORTED_TARGET libdw libelf)
pkg_check_modules(libnl_route REQUIRED IMPORTED_TARGET libnl-route-3.0)
pkg_check_modules(re2 REQUIRED IMPORTED_TARGET re2)

find_program(BPFTOOL bpftool PATHS /usr/sbin /sbin REQUIRED)
find_program(BPF_CLANG NAMES clang clang-14 REQUIRED)
# Debian's own interpreter: one found earlier in PATH need not see Debian's Python modules.
find_program(PYTHON3 NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED)
