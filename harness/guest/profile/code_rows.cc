// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/profile/code_rows.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <gelf.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <memory>
#include <optional>

#include "harness/base/unique_fd.h"

namespace sklab {
namespace {

struct EndDwarf {
  void operator()(Dwarf *dwarf) const { dwarf_end(dwarf); }
};
using DwarfHandle = std::unique_ptr<Dwarf, EndDwarf>;

struct DwarfFile {
  UniqueFd fd;
  DwarfHandle dwarf;
};

Result<DwarfFile> open_dwarf(const std::filesystem::path &program) {
  UniqueFd fd(::open(program.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return fail("open", program.string(), errno);
  DwarfHandle dwarf(dwarf_begin(fd.get(), DWARF_C_READ));
  if (!dwarf) return fail("read the debug information of", program.string(), 0, dwarf_errmsg(-1));
  return DwarfFile{std::move(fd), std::move(dwarf)};
}

// A function's code, and that of what was inlined into it.
struct Scope {
  CodeRange range;
  unsigned depth = 0;
  std::string name;
};

class UnitReader {
 public:
  explicit UnitReader(CodeOfFiles &code) : code_(code) {}

  void read(Dwarf_Die &unit) {
    scopes_.clear();
    visit_children(unit, 0);
    read_rows(unit);
  }

 private:
  static std::vector<CodeRange> ranges_of(Dwarf_Die &die) {
    std::vector<CodeRange> ranges;
    Dwarf_Addr base = 0;
    Dwarf_Addr begin = 0;
    Dwarf_Addr end = 0;
    for (ptrdiff_t at = 0; (at = dwarf_ranges(&die, at, &base, &begin, &end)) > 0;) {
      if (begin < end) ranges.push_back({begin, end});
    }
    return ranges;
  }

  void visit_children(Dwarf_Die &parent, unsigned depth) {
    Dwarf_Die die;
    if (dwarf_child(&parent, &die) != 0) return;
    do {
      visit(die, depth);
    } while (dwarf_siblingof(&die, &die) == 0);
  }

  void visit(Dwarf_Die &die, unsigned depth) {
    const int tag = dwarf_tag(&die);
    const bool is_function = tag == DW_TAG_subprogram;
    const bool is_inlined = tag == DW_TAG_inlined_subroutine;
    if (is_function || is_inlined) {
      const char *name = dwarf_diename(&die);
      for (const CodeRange &range : ranges_of(die)) {
        scopes_.push_back({range, depth, name != nullptr ? name : ""});
        if (is_function) code_.ranges.push_back(range);
      }
    }
    const bool has_code = tag == DW_TAG_lexical_block || tag == DW_TAG_namespace;
    if (is_function || is_inlined || has_code) visit_children(die, depth + 1);
  }

  [[nodiscard]] std::string function_at(uint64_t address) const {
    const Scope *innermost = nullptr;
    for (const Scope &scope : scopes_) {
      if (address < scope.range.begin || address >= scope.range.end) continue;
      if (innermost == nullptr || scope.depth > innermost->depth) innermost = &scope;
    }
    return innermost != nullptr ? innermost->name : "";
  }

  void read_rows(Dwarf_Die &unit) {
    Dwarf_Lines *lines = nullptr;
    size_t count = 0;
    if (dwarf_getsrclines(&unit, &lines, &count) != 0) return;
    for (size_t i = 0; i + 1 < count; ++i) {
      Dwarf_Line *line = dwarf_onesrcline(lines, i);
      CodeRow row;
      bool ends_sequence = false;
      int number = 0;
      dwarf_lineendsequence(line, &ends_sequence);
      dwarf_lineaddr(line, &row.begin);
      dwarf_lineaddr(dwarf_onesrcline(lines, i + 1), &row.end);
      dwarf_lineno(line, &number);
      const char *file = dwarf_linesrc(line, nullptr, nullptr);
      if (ends_sequence || row.begin >= row.end || number <= 0 || file == nullptr) continue;
      row.line = static_cast<unsigned>(number);
      row.file = file;
      row.function = function_at(row.begin);
      code_.rows.push_back(std::move(row));
    }
  }

  CodeOfFiles &code_;
  std::vector<Scope> scopes_;
};

// The bytes of a section, and where they are when the program runs.
struct CodeSection {
  uint64_t address = 0;
  std::string_view bytes;
};

std::vector<CodeSection> code_sections(Elf *elf) {
  std::vector<CodeSection> sections;
  for (Elf_Scn *scan = nullptr; (scan = elf_nextscn(elf, scan)) != nullptr;) {
    GElf_Shdr header;
    if (gelf_getshdr(scan, &header) == nullptr || (header.sh_flags & SHF_EXECINSTR) == 0) continue;
    const Elf_Data *data = elf_rawdata(scan, nullptr);
    if (data == nullptr || data->d_buf == nullptr) continue;
    sections.push_back({header.sh_addr, {static_cast<const char *>(data->d_buf), data->d_size}});
  }
  return sections;
}

}  // namespace

Result<CodeOfFiles> read_code_rows(const std::filesystem::path &program,
                                   const std::function<bool(std::string_view file)> &wanted) {
  SKLAB_TRY(const DwarfFile file, open_dwarf(program));
  CodeOfFiles code;
  UnitReader reader(code);
  Dwarf_CU *unit = nullptr;
  Dwarf_Die die;
  while (dwarf_get_units(file.dwarf.get(), unit, &unit, nullptr, nullptr, &die, nullptr) == 0) {
    const char *name = dwarf_diename(&die);
    if (name != nullptr && wanted(name)) reader.read(die);
  }
  return code;
}

Result<std::vector<uint64_t>> find_calls(const std::filesystem::path &program,
                                         const std::vector<CodeRange> &ranges, uint64_t callee) {
  constexpr uint64_t kCallBytes = 5;
  constexpr char kCall = '\xe8';  // followed by the distance from what follows it
  SKLAB_TRY(const DwarfFile file, open_dwarf(program));
  std::vector<uint64_t> returns;
  for (const CodeSection &section : code_sections(dwarf_getelf(file.dwarf.get()))) {
    for (const CodeRange &range : ranges) {
      if (range.begin < section.address || range.end > section.address + section.bytes.size()) {
        continue;
      }
      for (uint64_t at = range.begin; at + kCallBytes <= range.end; ++at) {
        const char *code = section.bytes.data() + (at - section.address);
        int32_t distance = 0;
        std::memcpy(&distance, code + 1, sizeof(distance));
        if (*code == kCall &&
            at + kCallBytes + static_cast<uint64_t>(int64_t{distance}) == callee) {
          returns.push_back(at + kCallBytes);
        }
      }
    }
  }
  std::sort(returns.begin(), returns.end());
  return returns;
}

}  // namespace sklab
