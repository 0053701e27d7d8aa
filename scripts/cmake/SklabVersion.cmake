# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Target sklab_version gives "sklab/version.h". The header is made at build time, since a commit does
# not reconfigure, and rewritten only when it changes, so that nothing is rebuilt without need.

set(version_folder "${CMAKE_BINARY_DIR}/generated/sklab")
execute_process(COMMAND "${BPF_CLANG}" --version OUTPUT_VARIABLE bpf_clang_version)
string(REGEX MATCH "^[^\n]*" bpf_clang_version "${bpf_clang_version}")
set(compiler "${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}, ${CMAKE_BUILD_TYPE}")
if(SKLAB_SANITIZE)
  string(APPEND compiler ", address and undefined behaviour sanitizers")
endif()

add_custom_target(sklab_version_header
  COMMAND "${CMAKE_COMMAND}" "-DSOURCE=${PROJECT_SOURCE_DIR}" "-DHEADER=${version_folder}/version.h"
          "-DPACKAGE_VERSION_FILE=${CMAKE_BINARY_DIR}/generated/package_version.cmake" "-DRELEASE=${PROJECT_VERSION}"
          "-DCOMPILER=${compiler}" "-DBPF_COMPILER=${bpf_clang_version}" "-DGOOGLE_BENCHMARK=${benchmark_VERSION}"
          -P "${PROJECT_SOURCE_DIR}/scripts/cmake/write_version_header.cmake"
  BYPRODUCTS "${version_folder}/version.h" "${CMAKE_BINARY_DIR}/generated/package_version.cmake"
  VERBATIM COMMENT "Describing the version")
add_dependencies(generated_headers sklab_version_header)
add_library(sklab_version INTERFACE)
add_dependencies(sklab_version sklab_version_header)
target_include_directories(sklab_version INTERFACE "${CMAKE_BINARY_DIR}/generated")
