// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// For tests only.
#pragma once

#include <elf.h>

#include <cstring>
#include <string>
#include <string_view>

namespace sklab {

// An ELF file with nothing but the section .modinfo, as modules have it.
inline std::string example_module(const std::string &depends,
                                  const std::string &release = "6.1.0-test") {
  using namespace std::string_literals;
  const std::string strings =
      "license=GPL\0depends="s + depends + "\0vermagic="s + release + " SMP preempt mod_unload \0"s;
  const std::string names = "\0.shstrtab\0.modinfo\0"s;
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_machine = EM_X86_64;
  header.e_shoff = sizeof(header);
  header.e_shnum = 3;
  header.e_shstrndx = 1;
  Elf64_Shdr sections[3] = {};
  const uint64_t content = sizeof(header) + sizeof(sections);
  sections[1].sh_name = 1;
  sections[1].sh_offset = content;
  sections[1].sh_size = names.size();
  sections[2].sh_name = 11;
  sections[2].sh_offset = content + names.size();
  sections[2].sh_size = strings.size();
  return std::string(reinterpret_cast<const char *>(&header), sizeof(header)) +
         std::string(reinterpret_cast<const char *>(sections), sizeof(sections)) + names + strings;
}

}  // namespace sklab
