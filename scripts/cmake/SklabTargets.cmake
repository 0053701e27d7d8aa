# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# How every library, program and test of the project is built.

option(SKLAB_SANITIZE "Build with the address and undefined behaviour sanitizers" OFF)
option(SKLAB_WARNINGS_ARE_ERRORS "Off for compilers that nobody has tried yet" ON)

add_library(sklab_options INTERFACE)
target_compile_features(sklab_options INTERFACE cxx_std_20)
target_include_directories(sklab_options INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(sklab_options INTERFACE -Wall -Wextra)
if(SKLAB_WARNINGS_ARE_ERRORS)
  target_compile_options(sklab_options INTERFACE -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 warns about string concatenation in its own library (GCC bug 105651).
  target_compile_options(sklab_options INTERFACE -Wno-restrict)
endif()
if(SKLAB_SANITIZE)
  set(sanitizers -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_compile_options(sklab_options INTERFACE ${sanitizers})
  target_link_options(sklab_options INTERFACE ${sanitizers})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # With the sanitizers g++ warns of what is no fault more often, as its manual says.
    target_compile_options(sklab_options INTERFACE -Wno-maybe-uninitialized)
  endif()
endif()

# sklab_library(NAME [MEASURES_NOTHING] SOURCES file... [DEPENDS target...])
#
# MEASURES_NOTHING: none of it runs while something is measured, so that a release need not have it fast: it is
# most of the code, and -O3 takes more than half as long again to compile it.
function(sklab_library name)
  cmake_parse_arguments(ARG "MEASURES_NOTHING" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC sklab_options ${ARG_DEPENDS})
  if(ARG_MEASURES_NOTHING)
    target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O1>)
  endif()
endfunction()

# sklab_test_measures(NAME): the test measures, or looks for programs that were left on the machine, so
# beside it no other attaches any. It is early, for what needs no kernel to run beside it.
function(sklab_test_measures name)
  set_tests_properties(${name} PROPERTIES RESOURCE_LOCK "kernel;fuzz" COST 2000)
endfunction()

# sklab_test(NAME LABEL kind [LOCK name] SOURCES file... [DEPENDS target...])
#
# LABEL is the kind of test and decides what it may need:
#   unit   pure, no privileges, runs in parallel
#   netns  a real kernel and root; runs beside no other of the same LOCK (kernel, unless said
#          otherwise), as the hook's static key is global and two processors are few. What decides
#          by times is RUN_SERIAL
# A test that cannot run exits 4 and is shown as skipped; scripts/test treats that as a failure
# unless it was asked to allow it.
function(sklab_test name)
  cmake_parse_arguments(ARG "" "LABEL;LOCK" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  if(SKLAB_SANITIZE)
    # Tests are compiled more often than they are waited for.
    target_compile_options(${name} PRIVATE -O0)
  endif()
  target_link_libraries(${name} PRIVATE sklab_options ${ARG_DEPENDS} GTest::gmock
                        $<IF:$<STREQUAL:${ARG_LABEL},netns>,sklab_netns_test_main,GTest::gtest_main>)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS ${ARG_LABEL} SKIP_RETURN_CODE 4 TIMEOUT 120)
  if(ARG_LABEL STREQUAL "netns")
    if(NOT ARG_LOCK)
      set(ARG_LOCK kernel)
    endif()
    set_tests_properties(${name} PROPERTIES RESOURCE_LOCK ${ARG_LOCK})
  endif()
endfunction()
