// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/stack_lines.h"

#include <fmt/format.h>

#include <cstdlib>
#include <map>
#include <vector>

#include "harness/base/file.h"
#include "harness/guest/profile/source_lines.h"
#include "harness/guest/profile/symbols.h"

namespace sklab {
namespace {

// Of the call that a frame will return from; the innermost one is where it is.
uint64_t address_of(const StackFrame &frame, uint64_t function, bool innermost) {
  const uint64_t offset = std::strtoull(frame.offset.c_str(), nullptr, 16);
  return function + offset - (innermost ? 0 : 1);
}

// By frame; 0 for what is not known.
std::vector<uint64_t> addresses_of(const KernelReport &report, const GuestKernel &kernel) {
  std::vector<uint64_t> addresses(report.stack.size(), 0);
  const auto text = read_file(kernel.image.parent_path() / "System.map");
  if (!text) return addresses;
  const auto symbols = Symbols::parse(*text);
  if (!symbols) return addresses;
  std::map<std::string, uint64_t> functions;
  for (const Function &function : symbols->functions()) functions[function.name] = function.address;
  for (size_t i = 0; i < addresses.size(); ++i) {
    const auto found = functions.find(report.stack[i].function);
    if (found == functions.end()) continue;
    addresses[i] = address_of(report.stack[i], found->second, i == 0);
  }
  return addresses;
}

}  // namespace

std::string stack_with_lines(const KernelReport &report, const GuestKernel &kernel) {
  const std::vector<uint64_t> addresses = addresses_of(report, kernel);
  CodeLines lines;
  if (!kernel.vmlinux.empty()) {
    if (auto found = source_lines(kernel.vmlinux, addresses)) lines = std::move(*found);
  }
  std::string text;
  for (size_t i = 0; i < addresses.size(); ++i) {
    const StackFrame &frame = report.stack[i];
    text += fmt::format("{}{}+{}", frame.certain ? "" : "? ", frame.function, frame.offset);
    const auto line = lines.find(addresses[i]);
    if (addresses[i] != 0 && line != lines.end()) {
      text += fmt::format(" ({}:{})", line->second.file, line->second.line);
    }
    text += "\n";
  }
  return text;
}

}  // namespace sklab
