// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/profile/symbols.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <tuple>

#include "harness/base/lines.h"

namespace sklab {
namespace {

constexpr uint64_t kKernelHalf = 1ULL << 63U;
constexpr std::string_view kCodeTypes = "tTwW";

struct SymbolLine {
  uint64_t address = 0;
  char type = ' ';
  std::string_view name;
  std::string_view owner;
};

// Until the first of the characters, which is taken as well.
std::string_view take_until(std::string_view &text, std::string_view characters) {
  const size_t end = std::min(text.find_first_of(characters), text.size());
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return taken;
}

// "ffffffff81000000 T _text" or "ffffffffc0401000 t udp_init\t[udp]".
std::optional<SymbolLine> parse_line(std::string_view text) {
  SymbolLine line;
  const std::string_view address = take_until(text, " ");
  const char *const end = address.data() + address.size();
  const auto [stop, error] = std::from_chars(address.data(), end, line.address, 16);
  if (error != std::errc() || stop != end || text.size() < 3 || text[1] != ' ') return std::nullopt;
  line.type = text.front();
  text.remove_prefix(2);
  line.name = take_until(text, "\t ");
  if (text.starts_with('[') && text.ends_with(']')) line.owner = text.substr(1, text.size() - 2);
  return line;
}

CodeKind kind_of(const SymbolLine &line) {
  if (line.owner.empty()) return CodeKind::kKernel;
  if (line.owner != "bpf") return CodeKind::kModule;
  return line.name.starts_with("bpf_prog_") ? CodeKind::kBpfProgram : CodeKind::kBpfTrampoline;
}

// Of several names for one address the same is chosen in every build: no bounds of a section, then
// global ones first, then the one that is least decorated.
bool is_before(const SymbolLine &left, const SymbolLine &right) {
  const auto rank = [](const SymbolLine &line) {
    const bool is_bound = line.name.ends_with("_start") || line.name.ends_with("_end");
    return std::tuple(line.address, is_bound, line.type != 'T',
                      std::min(line.name.find_first_not_of('_'), line.name.size()),
                      line.name.size(), line.name);
  };
  return rank(left) < rank(right);
}

}  // namespace

std::string_view code_kind_name(CodeKind kind) {
  constexpr std::array<std::string_view, 6> kNames = {"user",        "kernel",         "module",
                                                      "bpf program", "bpf trampoline", "unknown"};
  return kNames.at(static_cast<size_t>(kind));
}

Result<Symbols> Symbols::parse(std::string_view kallsyms) {
  std::vector<SymbolLine> lines;
  while (!kallsyms.empty()) {
    const std::string_view text = take_line(kallsyms);
    const auto line = parse_line(text);
    if (!line) return fail("read symbols", std::string(text), 0, "it is no line of /proc/kallsyms");
    if (kCodeTypes.find(line->type) == std::string_view::npos) continue;
    if (line->address == 0) return fail("read symbols", "", 0, "addresses are hidden");
    lines.push_back(*line);
  }
  std::sort(lines.begin(), lines.end(), is_before);
  Symbols symbols;
  for (const SymbolLine &line : lines) {
    auto &known = symbols.functions_;
    if (!known.empty() && known.back().address == line.address) continue;
    known.push_back({line.address, kind_of(line), std::string(line.name), std::string(line.owner)});
  }
  if (symbols.functions_.empty()) return fail("read symbols", "", 0, "there are none");
  return symbols;
}

const Function *Symbols::function_at(uint64_t address) const {
  if (address < kKernelHalf) return nullptr;
  const auto after = std::upper_bound(
      functions_.begin(), functions_.end(), address,
      [](uint64_t value, const Function &function) { return value < function.address; });
  return after == functions_.begin() ? nullptr : &*std::prev(after);
}

CodeKind Symbols::kind_at(uint64_t address) const {
  if (address < kKernelHalf) return CodeKind::kUser;
  const Function *function = function_at(address);
  return function == nullptr ? CodeKind::kUnknown : function->kind;
}

bool is_bpf_symbol(std::string_view line) { return line.ends_with("[bpf]"); }

std::string code_symbols(std::string_view kallsyms) {
  return lines_where(kallsyms, [](std::string_view line) {
    const size_t space = line.find(' ');
    return space < line.size() - 1 && kCodeTypes.find(line[space + 1]) != std::string_view::npos;
  });
}

std::string_view program_name(std::string_view name) {
  constexpr std::string_view kPrefix = "bpf_prog_";
  const size_t end = name.find('_', kPrefix.size());
  // A program without a name has only its tag.
  if (!name.starts_with(kPrefix) || end == std::string_view::npos) return name;
  return name.substr(end + 1);
}

std::string_view source_name(std::string_view name) {
  constexpr std::array<std::string_view, 5> kSuffixes = {".isra", ".constprop", ".part", ".cold",
                                                         ".llvm"};
  for (;;) {
    std::string_view rest = name;
    const size_t digits = rest.find_last_not_of("0123456789");
    if (digits != std::string_view::npos && digits + 1 < rest.size() && rest[digits] == '.') {
      rest = rest.substr(0, digits);
    }
    const auto *const suffix =
        std::find_if(kSuffixes.begin(), kSuffixes.end(),
                     [&](std::string_view candidate) { return rest.ends_with(candidate); });
    if (suffix == kSuffixes.end() || rest.size() == suffix->size()) return name;
    name = rest.substr(0, rest.size() - suffix->size());
  }
}

}  // namespace sklab
