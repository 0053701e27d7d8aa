# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# embed_texts(NAME file...): target NAME gives its users "NAME.h", which holds the texts of the files
# by their paths from the top folder, as NAME::kEmbeddedTexts.
function(embed_texts name)
  set(texts "")
  foreach(file IN LISTS ARGN)
    cmake_path(ABSOLUTE_PATH file)
    # Configured again when a file changes; the header is rewritten only when its content does.
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
    file(READ "${file}" text)
    string(FIND "${text}" ")text\"" delimiter)
    if(NOT delimiter EQUAL -1)
      message(FATAL_ERROR "${file} contains )text\", which ends the literal that it is embedded in")
    endif()
    cmake_path(RELATIVE_PATH file BASE_DIRECTORY "${PROJECT_SOURCE_DIR}")
    string(APPEND texts "    {\"${file}\", R\"text(${text})text\"},\n")
  endforeach()
  list(LENGTH ARGN count)
  file(CONFIGURE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/embedded/${name}.h" CONTENT [=[
// Written by scripts/cmake/SklabEmbed.cmake.
#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace sklab::@name@ {

inline constexpr std::array<std::pair<std::string_view, std::string_view>, @count@> kEmbeddedTexts = {{
@texts@}};

}  // namespace sklab::@name@
]=] @ONLY)
  add_library(${name} INTERFACE)
  target_include_directories(${name} INTERFACE "${CMAKE_CURRENT_BINARY_DIR}/embedded")
endfunction()
