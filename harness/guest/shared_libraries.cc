// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/shared_libraries.h"

#include "harness/base/child_process.h"
#include "harness/base/file.h"
#include "harness/base/lines.h"
#include "harness/guest/program_segments.h"

namespace sklab {
namespace {

constexpr double kListLimitS = 30;

}  // namespace

Result<std::string> loader_of(std::string_view elf, const std::string &name) {
  SKLAB_TRY(const std::vector<Elf64_Phdr> segments, segments_of(elf, name));
  for (const Elf64_Phdr &segment : segments) {
    if (segment.p_type != PT_INTERP) continue;
    const std::string_view text = elf.substr(segment.p_offset, segment.p_filesz);
    return std::string(text.substr(0, text.find('\0')));
  }
  return std::string();
}

Result<std::vector<std::string>> parse_library_list(std::string_view text) {
  std::vector<std::string> paths;
  while (!text.empty()) {
    std::string_view line = take_line(text);
    if (line.find("not found") != std::string_view::npos) {
      return fail("find the library", std::string(line.substr(line.find_first_not_of("\t "))), 0,
                  "install it");
    }
    // "libz.so.1 => /lib/libz.so.1 (0x7f...)", or the path alone, or the kernel's name alone.
    const size_t path = line.find('/');
    if (path == std::string_view::npos) continue;
    line.remove_prefix(path);
    paths.emplace_back(line.substr(0, line.rfind(" (0x")));
  }
  return paths;
}

Result<std::vector<std::string>> shared_libraries_of(const std::filesystem::path &program) {
  SKLAB_TRY(const std::string elf, read_file(program));
  SKLAB_TRY(const std::string loader, loader_of(elf, program.string()));
  if (loader.empty()) return std::vector<std::string>();
  SKLAB_TRY(const std::string list,
            output_of({{loader, "--list", program.string()}, {}, -1}, kListLimitS));
  SKLAB_TRY(std::vector<std::string> paths, parse_library_list(list));
  // Under the name that the program asks the kernel for.
  paths.push_back(loader);
  return paths;
}

}  // namespace sklab
