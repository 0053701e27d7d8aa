// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/shared_libraries.h"

#include <elf.h>

#include <cstring>

#include "harness/base/child_process.h"
#include "harness/base/file.h"
#include "harness/base/lines.h"

namespace sklab {
namespace {

constexpr double kListLimitS = 30;

template <typename Header>
bool read_at(std::string_view bytes, uint64_t offset, Header &header) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(header)) return false;
  std::memcpy(&header, bytes.data() + offset, sizeof(header));
  return true;
}

tl::unexpected<Error> no_program(const std::string &name) {
  return fail_as(ErrorKind::kUsage, "take into a guest", name, 0, "it is no x86-64 program");
}

}  // namespace

Result<std::string> loader_of(std::string_view elf, const std::string &name) {
  Elf64_Ehdr header{};
  if (!read_at(elf, 0, header) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
      header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_machine != EM_X86_64) {
    return no_program(name);
  }
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment{};
    if (!read_at(elf, header.e_phoff + uint64_t{i} * header.e_phentsize, segment)) {
      return no_program(name);
    }
    if (segment.p_type != PT_INTERP) continue;
    if (segment.p_offset > elf.size() || segment.p_filesz > elf.size() - segment.p_offset) {
      return no_program(name);
    }
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
