# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Man pages and completion, made of what `sklab --help` prints: target manual. Only the program that
# writes them knows their names, so that a new command needs nothing here.
set(SKLAB_MANUAL_FOLDER "${CMAKE_BINARY_DIR}/manual")
add_custom_command(
  OUTPUT "${SKLAB_MANUAL_FOLDER}.stamp"
  COMMAND "${CMAKE_COMMAND}" -E rm -rf "${SKLAB_MANUAL_FOLDER}"
  COMMAND sklab_manual "${SKLAB_MANUAL_FOLDER}"
  COMMAND "${CMAKE_COMMAND}" -E touch "${SKLAB_MANUAL_FOLDER}.stamp"
  DEPENDS sklab_manual
  VERBATIM COMMENT "Writing man pages and completion")
add_custom_target(manual ALL DEPENDS "${SKLAB_MANUAL_FOLDER}.stamp")

add_test(NAME manual_test COMMAND "${PYTHON3}" "${PROJECT_SOURCE_DIR}/harness/manual/manual_test.py"
         $<TARGET_FILE:sklab> "${SKLAB_MANUAL_FOLDER}")
set_tests_properties(manual_test PROPERTIES LABELS unit TIMEOUT 120)

# A folder that is not there is installed without a word, a file is not.
install(FILES "${SKLAB_MANUAL_FOLDER}/man/man1/sklab.1" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
install(DIRECTORY "${SKLAB_MANUAL_FOLDER}/man/" DESTINATION "${CMAKE_INSTALL_MANDIR}")
install(DIRECTORY "${SKLAB_MANUAL_FOLDER}/" DESTINATION "${CMAKE_INSTALL_DATADIR}" PATTERN man EXCLUDE)
