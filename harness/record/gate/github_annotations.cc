// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <fmt/format.h>

#include <array>

#include "harness/record/gate/cells.h"
#include "harness/record/gate/renderers.h"

namespace sklab {
namespace {

// By verdict; null for what needs no annotation.
constexpr std::array<const char *, kVerdictNames.size()> kWorkflowCommands = {
    "error", "error", "warning", "notice", nullptr, nullptr};

// What would end a command, or in `also` one of its properties, as percent codes.
std::string command_escaped(const std::string &text, std::string_view also = "") {
  std::string result;
  for (const char c : text) {
    if (c == '%' || c == '\r' || c == '\n' || also.find(c) != std::string_view::npos) {
      result += fmt::format("%{:02X}", static_cast<unsigned>(c));
    } else {
      result += c;
    }
  }
  return result;
}

}  // namespace

std::string gate_github_annotations(const GateRecord &record) {
  std::string text;
  for (const GateRow &row : record.rows) {
    const char *const command = kWorkflowCommands[static_cast<size_t>(row.verdict)];
    if (command == nullptr) continue;
    text +=
        fmt::format("::{} title={}::{}\n", command,
                    command_escaped(verdict_text(row.verdict) + ": " + quantity_name(row), ":,"),
                    command_escaped(evidence_of(row)));
  }
  return text;
}

}  // namespace sklab
