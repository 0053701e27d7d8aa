# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Run as a script by the target of SklabVersion.cmake: needs SOURCE, HEADER, COMPILER, BPF_COMPILER,
# GOOGLE_BENCHMARK.
# Sources unpacked inside another repository have no version, rather than that repository's.
cmake_path(GET SOURCE PARENT_PATH parent)
set(ENV{GIT_CEILING_DIRECTORIES} "${parent}")
execute_process(
  COMMAND git -C "${SOURCE}" describe --always --dirty --abbrev=12
  OUTPUT_VARIABLE version OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE status)
if(NOT "${status}" STREQUAL "0")
  set(version "unknown")
endif()
file(CONFIGURE OUTPUT "${HEADER}" CONTENT [=[
// Written by scripts/cmake/write_version_header.cmake.
#pragma once

namespace sklab {

inline constexpr char kSklabVersion[] = "@version@";
inline constexpr char kCompiler[] = "@COMPILER@";
inline constexpr char kBpfCompiler[] = "@BPF_COMPILER@";
inline constexpr char kGoogleBenchmarkVersion[] = "@GOOGLE_BENCHMARK@";

}  // namespace sklab
]=] @ONLY)
