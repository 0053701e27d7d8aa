// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/program_segments.h"

#include <algorithm>
#include <cstring>

namespace sklab {
namespace {

bool is_within(std::string_view bytes, uint64_t offset, uint64_t size) {
  return offset <= bytes.size() && size <= bytes.size() - offset;
}

template <typename Header>
bool read_at(std::string_view bytes, uint64_t offset, Header &header) {
  if (!is_within(bytes, offset, sizeof(header))) return false;
  std::memcpy(&header, bytes.data() + offset, sizeof(header));
  return true;
}

bool is_program(const Elf64_Ehdr &header) {
  return std::memcmp(header.e_ident, ELFMAG, SELFMAG) == 0 &&
         header.e_ident[EI_CLASS] == ELFCLASS64 && header.e_machine == EM_X86_64 &&
         (header.e_type == ET_EXEC || header.e_type == ET_DYN) && header.e_phnum < PN_XNUM;
}

tl::unexpected<Error> no_program(const std::string &name) {
  return fail_as(ErrorKind::kUsage, "take into a guest", name, 0, "it is no x86-64 program");
}

}  // namespace

Result<std::vector<Elf64_Phdr>> segments_of(std::string_view elf, const std::string &name) {
  Elf64_Ehdr header{};
  if (!read_at(elf, 0, header) || !is_program(header)) return no_program(name);
  std::vector<Elf64_Phdr> segments(header.e_phnum);
  for (size_t i = 0; i < segments.size(); ++i) {
    if (!read_at(elf, header.e_phoff + i * header.e_phentsize, segments[i]) ||
        !is_within(elf, segments[i].p_offset, segments[i].p_filesz)) {
      return no_program(name);
    }
  }
  return segments;
}

Result<std::string> loadable_part(std::string_view elf, const std::string &name) {
  SKLAB_TRY(const std::vector<Elf64_Phdr> segments, segments_of(elf, name));
  Elf64_Ehdr header{};
  std::memcpy(&header, elf.data(), sizeof(header));
  uint64_t end = std::max<uint64_t>(
      sizeof(header), header.e_phoff + segments.size() * uint64_t{header.e_phentsize});
  for (const Elf64_Phdr &segment : segments) {
    end = std::max(end, segment.p_offset + segment.p_filesz);
  }
  // The sections' headers are at the end of the file, and nobody who runs it reads them.
  header.e_shoff = 0;
  header.e_shnum = 0;
  header.e_shstrndx = SHN_UNDEF;
  std::string part(elf.substr(0, end));
  std::memcpy(part.data(), &header, sizeof(header));
  return part;
}

}  // namespace sklab
