# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Read by cpack before it makes a package: the version of what was built, not of what was configured.
if(NOT EXISTS "${CPACK_SKLAB_VERSION_FILE}")
  message(FATAL_ERROR "nothing is built yet: build the target installable")
endif()
include("${CPACK_SKLAB_VERSION_FILE}")  # SKLAB_DEBIAN_VERSION
set(CPACK_PACKAGE_VERSION "${SKLAB_DEBIAN_VERSION}")
