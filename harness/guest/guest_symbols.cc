// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/guest_symbols.h"

#include "harness/base/file.h"
#include "harness/guest/profile/symbols.h"

namespace sklab {
namespace {

constexpr char kKeptPath[] = "/run/sklab.kallsyms";

}  // namespace

Result<> keep_symbols() {
  SKLAB_TRY(const std::string symbols, read_file(kSymbolsPath));
  return write_file_atomically(kKeptPath, code_symbols(symbols));
}

Result<std::string> kept_symbols() {
  if (auto kept = read_file(kKeptPath)) return kept;
  SKLAB_TRY(const std::string symbols, read_file(kSymbolsPath));
  return code_symbols(symbols);
}

}  // namespace sklab
