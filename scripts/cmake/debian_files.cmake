# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Run by cpack on the installed files before it packs them: what Debian's policy wants otherwise than
# `cmake --install` leaves it.
include("${CPACK_SKLAB_VERSION_FILE}")
set(share "${CPACK_TEMPORARY_DIRECTORY}/usr/share")
if(NOT IS_DIRECTORY "${share}/doc/sklab")
  message(FATAL_ERROR "no files of the package below ${share}")
endif()

# -n: the same files give the same package.
function(compress)
  execute_process(COMMAND gzip -9nf ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# Debian's zsh looks into site-functions below /usr/local only.
file(RENAME "${share}/zsh/site-functions" "${share}/zsh/vendor-completions")

# Licences belong into one file, which refers to the texts that every Debian system has.
file(READ "${CPACK_SKLAB_LICENSES}/BSD-2-Clause.txt" bsd)
string(REGEX MATCH "Copyright .c. ([^\n]*)" unused "${bsd}")
set(copyright "${CMAKE_MATCH_1}")
string(FIND "${bsd}" "Redistribution" start)
string(SUBSTRING "${bsd}" ${start} -1 bsd)
string(STRIP "${bsd}" bsd)
string(REPLACE "\n\n" "\n.\n" bsd "${bsd}")
string(REPLACE "\n" "\n " bsd "${bsd}")
file(WRITE "${share}/doc/sklab/copyright" "\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: sklab

Files: *
Copyright: ${copyright}
License: GPL-2 or BSD-2-clause

License: GPL-2
 On Debian systems the text of the GNU General Public License version 2, of
 which no later version applies, is in /usr/share/common-licenses/GPL-2.

License: BSD-2-clause
 ${bsd}
")
file(REMOVE_RECURSE "${share}/doc/sklab/LICENSES" "${share}/doc/sklab/LICENSE")

file(WRITE "${share}/doc/sklab/changelog" "\
sklab (${SKLAB_DEBIAN_VERSION}) unstable; urgency=medium

  * Built from commit ${SKLAB_VERSION}; git log says what changed.

 -- ${CPACK_PACKAGE_CONTACT}  ${SKLAB_CHANGELOG_DATE}
")
file(GLOB pages "${share}/man/man1/*.1")
compress("${share}/doc/sklab/changelog" ${pages})
