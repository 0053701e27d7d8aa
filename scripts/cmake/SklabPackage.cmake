# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# What is installed besides programs, and the Debian package: `cpack` in the build folder.
set(document_folder "${CMAKE_INSTALL_DATAROOTDIR}/doc/sklab")
install(FILES README.md ARCHITECTURE.md LICENSE DESTINATION "${document_folder}")
install(DIRECTORY LICENSES DESTINATION "${document_folder}")
# The schema is beside the text that refers to it, and where programs look for data.
install(FILES results/README.md DESTINATION "${document_folder}/results")
install(DIRECTORY results/schema DESTINATION "${document_folder}/results")
install(DIRECTORY results/schema DESTINATION "${CMAKE_INSTALL_DATADIR}/sklab")

# All that `cmake --install` and cpack need to have been built.
add_custom_target(installable)
add_dependencies(installable sklab sklab_benchmark manual fuzzers)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME sklab)
set(CPACK_PACKAGE_CONTACT "sklab developers <sklab@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "benchmark, conformance and fuzzing lab for BPF sk_lookup")
# Read when cpack runs, as the version changes with every commit.
set(CPACK_PROJECT_CONFIG_FILE "${PROJECT_SOURCE_DIR}/scripts/cmake/package_version.cmake")
set(CPACK_SKLAB_VERSION_FILE "${CMAKE_BINARY_DIR}/generated/package_version.cmake")
set(CPACK_PRE_BUILD_SCRIPTS "${PROJECT_SOURCE_DIR}/scripts/cmake/debian_files.cmake")
set(CPACK_SKLAB_LICENSES "${PROJECT_SOURCE_DIR}/LICENSES")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
# jq is in the recipes. A finding's reproducer.c needs a compiler and libbpf. The others are for guests and their kernels.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "apt, debian-archive-keyring, jq, qemu-system-x86, xz-utils, zstd")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "bpftool, gcc, libbpf-dev")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Makes a kernel look sockets up, with and without BPF sk_lookup programs,
checks each answer against a model, and measures what it cost.
.
It works in network namespaces that it makes itself, and needs root.")
include(CPack)
