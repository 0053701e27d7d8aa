# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# libFuzzer targets, which need clang. Their libraries are built by every compiler.

option(SKLAB_FUZZ "Build the libFuzzer targets" OFF)
set(SKLAB_FUZZER_FOLDER "${CMAKE_BINARY_DIR}/fuzz")

if(SKLAB_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "libFuzzer comes with clang: configure with --preset fuzz, or without SKLAB_FUZZ")
  endif()
  # What the fuzzers are to cover: the model, not the harness around it.
  # Of its parsers comparisons are traced as well, which is what leads libFuzzer to words; the rules
  # are asked too often for that.
  target_compile_options(sklab_model PRIVATE -fsanitize-coverage=inline-8bit-counters,pc-table)
  set_source_files_properties(
    "${PROJECT_SOURCE_DIR}/harness/model/line_reader.cc" "${PROJECT_SOURCE_DIR}/harness/model/scenario_parser.cc"
    TARGET_DIRECTORY sklab_model PROPERTIES COMPILE_OPTIONS -fsanitize=fuzzer-no-link)
  # Other programs contain the instrumented model, too. The sanitizers bring what it calls, without
  # them empty functions do.
  if(NOT SKLAB_SANITIZE)
    target_sources(sklab_model PRIVATE "${PROJECT_SOURCE_DIR}/fuzz/target/no_coverage.cc")
    set_source_files_properties("${PROJECT_SOURCE_DIR}/fuzz/target/no_coverage.cc"
      TARGET_DIRECTORY sklab_model
      PROPERTIES COMPILE_OPTIONS -fno-sanitize-coverage=inline-8bit-counters,pc-table)
  endif()
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
  add_executable(${name} ${name}.cc "${PROJECT_SOURCE_DIR}/fuzz/target/fuzz_target_main.cc")
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${SKLAB_FUZZER_FOLDER}")
  target_link_libraries(${name} PRIVATE sklab_fuzz_target ${ARG_DEPENDS} ${SKLAB_FUZZING_ENGINE})
  target_compile_definitions(${name} PRIVATE "SKLAB_FINDINGS_FOLDER=\"${SKLAB_FINDINGS_FOLDER}\"")
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
