# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# libFuzzer targets, which need clang. Their libraries are built by every compiler.

option(SKLAB_FUZZ "Build the libFuzzer targets" OFF)
set(SKLAB_FUZZER_FOLDER "${CMAKE_BINARY_DIR}/fuzz")

if(SKLAB_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "libFuzzer comes with clang: configure with --preset fuzz, or without SKLAB_FUZZ")
  endif()
  # Programs without libFuzzer contain instrumented code, too. The sanitizers bring what it calls,
  # without them empty functions do.
  add_library(sklab_no_coverage STATIC "${PROJECT_SOURCE_DIR}/fuzz/target/no_coverage.cc")
endif()

# sklab_cover(NAME FLAG...): counts what runs of this library, so that fuzzers are led to the rest of
# it. Theirs to cover are the rules and the parsers, not the harness around them.
function(sklab_cover name)
  if(NOT SKLAB_FUZZ)
    return()
  endif()
  target_compile_options(${name} PRIVATE ${ARGN})
  if(NOT SKLAB_SANITIZE)
    target_link_libraries(${name} PUBLIC sklab_no_coverage)
  endif()
endfunction()

# Of the model's parsers comparisons are traced as well, which is what leads libFuzzer to words; the
# rules are asked too often for that.
sklab_cover(sklab_model -fsanitize-coverage=inline-8bit-counters,pc-table)
if(SKLAB_FUZZ)
  set_source_files_properties(
    "${PROJECT_SOURCE_DIR}/harness/model/line_reader.cc" "${PROJECT_SOURCE_DIR}/harness/model/scenario_grammar.cc"
    "${PROJECT_SOURCE_DIR}/harness/model/scenario_parser.cc" "${PROJECT_SOURCE_DIR}/harness/model/object_scenario_parser.cc"
    TARGET_DIRECTORY sklab_model PROPERTIES COMPILE_OPTIONS -fsanitize=fuzzer-no-link)
endif()

set(SKLAB_FUZZING_ENGINE -fsanitize=fuzzer CACHE STRING
    "What fuzzers are linked with; OSS-Fuzz has it in LIB_FUZZING_ENGINE")
set(SKLAB_FINDINGS_FOLDER findings CACHE STRING
    "Where fuzzers put findings unless SKLAB_FINDINGS says so; empty: nowhere, each ends the process")

# All fuzzers.
add_custom_target(fuzzers)

# sklab_fuzzer(NAME [DEPENDS target...] [DICTIONARY file] [SEEDS file...]): the target of NAME.cc
#
# The dictionary and the first inputs get names beside the fuzzer by which `sklab fuzz` and OSS-Fuzz
# find them: NAME.dict and NAME_seed_corpus/.
function(sklab_fuzzer name)
  cmake_parse_arguments(ARG "" "DICTIONARY" "DEPENDS;SEEDS" ${ARGN})
  if(NOT SKLAB_FUZZ)
    return()
  endif()
  add_executable(${name} ${name}.cc)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${SKLAB_FUZZER_FOLDER}")
  target_link_libraries(${name} PRIVATE sklab_fuzz_main sklab_fuzz_target ${ARG_DEPENDS} ${SKLAB_FUZZING_ENGINE})
  add_dependencies(fuzzers ${name})
  set(installed "${CMAKE_INSTALL_LIBEXECDIR}/sklab")
  install(TARGETS ${name} DESTINATION "${installed}")
  if(ARG_DICTIONARY)
    configure_file("${ARG_DICTIONARY}" "${SKLAB_FUZZER_FOLDER}/${name}.dict" COPYONLY)
    install(FILES "${ARG_DICTIONARY}" DESTINATION "${installed}" RENAME ${name}.dict)
  endif()
  foreach(seed ${ARG_SEEDS})
    cmake_path(GET seed FILENAME seed_name)
    configure_file("${seed}" "${SKLAB_FUZZER_FOLDER}/${name}_seed_corpus/${seed_name}" COPYONLY)
    install(FILES "${seed}" DESTINATION "${installed}/${name}_seed_corpus")
  endforeach()
endfunction()
