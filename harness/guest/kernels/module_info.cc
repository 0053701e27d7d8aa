// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/kernels/module_info.h"

#include <elf.h>

#include <algorithm>
#include <cstring>

namespace sklab {
namespace {

// The bytes from `offset`, at most `size`; none beyond the end.
std::string_view part(std::string_view bytes, uint64_t offset, uint64_t size) {
  return offset > bytes.size() ? std::string_view() : bytes.substr(offset, size);
}

template <typename Header>
bool read_header(std::string_view bytes, uint64_t offset, Header &header) {
  const std::string_view found = part(bytes, offset, sizeof(header));
  if (found.size() != sizeof(header)) return false;
  std::memcpy(&header, found.data(), sizeof(header));
  return true;
}

std::string_view up_to(std::string_view text, char end) { return text.substr(0, text.find(end)); }

std::string_view section_content(std::string_view elf, std::string_view name) {
  Elf64_Ehdr header{};
  Elf64_Shdr names{};
  if (!read_header(elf, 0, header) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
      header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_machine != EM_X86_64) {
    return {};
  }
  const auto section_at = [&](unsigned index, Elf64_Shdr &section) {
    return read_header(elf, header.e_shoff + uint64_t{index} * sizeof(section), section);
  };
  if (!section_at(header.e_shstrndx, names)) return {};
  for (unsigned i = 0; i < header.e_shnum; ++i) {
    Elf64_Shdr section{};
    if (!section_at(i, section)) break;
    const std::string_view own_name = part(elf, names.sh_offset + section.sh_name, name.size() + 1);
    if (up_to(own_name, '\0') == name) return part(elf, section.sh_offset, section.sh_size);
  }
  return {};
}

std::vector<std::string> names_in(std::string_view list) {
  std::vector<std::string> names;
  while (!list.empty()) {
    const std::string_view name = up_to(list, ',');
    if (!name.empty()) names.push_back(module_name(name));
    list.remove_prefix(std::min(name.size() + 1, list.size()));
  }
  return names;
}

}  // namespace

std::string module_name(std::string_view text) {
  std::string name(text);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

Result<ModuleInfo> parse_module_info(std::string_view elf, const std::string &name) {
  constexpr std::string_view kDepends = "depends=";
  constexpr std::string_view kVersionMagic = "vermagic=";
  std::string_view strings = section_content(elf, ".modinfo");
  if (strings.empty()) {
    return fail_as(ErrorKind::kUsage, "read the module", name, 0,
                   "it is no kernel module for x86-64");
  }
  ModuleInfo info;
  while (!strings.empty()) {
    const std::string_view entry = up_to(strings, '\0');
    strings.remove_prefix(std::min(entry.size() + 1, strings.size()));
    if (entry.starts_with(kDepends)) info.depends = names_in(entry.substr(kDepends.size()));
    if (entry.starts_with(kVersionMagic)) {
      info.release = up_to(entry.substr(kVersionMagic.size()), ' ');
    }
  }
  return info;
}

}  // namespace sklab
