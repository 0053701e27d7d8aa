# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Run as a script by the target of SklabVersion.cmake: needs SOURCE, HEADER, PACKAGE_VERSION_FILE,
# RELEASE, COMPILER, BPF_COMPILER, GOOGLE_BENCHMARK.
include("${CMAKE_CURRENT_LIST_DIR}/debian_version.cmake")
# Sources unpacked inside another repository have no version, rather than that repository's.
cmake_path(GET SOURCE PARENT_PATH parent)
set(ENV{GIT_CEILING_DIRECTORIES} "${parent}")
execute_process(
  COMMAND git -C "${SOURCE}" describe --always --dirty --abbrev=12
  OUTPUT_VARIABLE version OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE status)
if(NOT "${status}" STREQUAL "0")
  set(version "unknown")
endif()

# The commit's date is that of man pages and of the Debian changelog. Without a commit it is that of
# the build, or SOURCE_DATE_EPOCH.
execute_process(
  COMMAND git -C "${SOURCE}" log -1 "--format=%cs;%cD"
  OUTPUT_VARIABLE dates OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT dates)
  string(TIMESTAMP dates "%Y-%m-%d;%a, %d %b %Y %H:%M:%S +0000" UTC)
endif()
list(GET dates 0 date)
list(GET dates 1 changelog_date)
execute_process(
  COMMAND git -C "${SOURCE}" rev-list --count HEAD
  OUTPUT_VARIABLE commit_count OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
debian_version(debian_version "${RELEASE}" "${version}" "${commit_count}")
file(CONFIGURE OUTPUT "${PACKAGE_VERSION_FILE}" CONTENT [=[
# Written by scripts/cmake/write_version_header.cmake.
set(SKLAB_VERSION "@version@")
set(SKLAB_DEBIAN_VERSION "@debian_version@")
set(SKLAB_CHANGELOG_DATE "@changelog_date@")
]=] @ONLY)
file(CONFIGURE OUTPUT "${HEADER}" CONTENT [=[
// Written by scripts/cmake/write_version_header.cmake.
#pragma once

namespace sklab {

inline constexpr char kSklabVersion[] = "@version@";
inline constexpr char kSklabDate[] = "@date@";
inline constexpr char kCompiler[] = "@COMPILER@";
inline constexpr char kBpfCompiler[] = "@BPF_COMPILER@";
inline constexpr char kGoogleBenchmarkVersion[] = "@GOOGLE_BENCHMARK@";

}  // namespace sklab
]=] @ONLY)
