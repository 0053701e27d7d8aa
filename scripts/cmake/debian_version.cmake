# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause

# debian_version(OUT RELEASE DESCRIPTION COUNT): a version that dpkg takes, and that grows.
#
# RELEASE is the project's version, DESCRIPTION what git describe says, COUNT the number of commits,
# as hashes have no order:
#   v0.2.0              0.2.0
#   v0.2.0-14-g1bada15  0.2.0+14.g1bada15
#   1bada15-dirty       0.1.0+git320.1bada15.dirty, after the release and the count
# "-" would make the package one of somebody else's release, with a Debian revision.
function(debian_version out release description count)
  if(description MATCHES "^v?([0-9]+\\.[0-9][0-9.]*)(-.*)?$")
    set(version "${CMAKE_MATCH_1}")
    string(REGEX REPLACE "^-" "+" rest "${CMAKE_MATCH_2}")
    string(APPEND version "${rest}")
  elseif(description STREQUAL "unknown")
    set(version "${release}+unknown")
  else()
    set(version "${release}+git${count}.${description}")
  endif()
  string(REGEX REPLACE "[^0-9A-Za-z.+~]" "." version "${version}")
  set(${out} "${version}" PARENT_SCOPE)
endfunction()
