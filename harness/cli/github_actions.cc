// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/cli/github_actions.h"

#include <fmt/format.h>

#include <cstdlib>
#include <string_view>

#include "harness/base/file.h"
#include "harness/cli/report_error.h"
#include "harness/record/gate/renderers.h"

namespace sklab {
namespace {

std::string_view environment_variable(const char *name) {
  const char *const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

void show_in_github_actions(const GateRecord &record, std::FILE *annotations) {
  if (environment_variable("GITHUB_ACTIONS") == "true") {
    fmt::print(annotations, "{}", gate_github_annotations(record));
  }
  const std::string_view summary = environment_variable("GITHUB_STEP_SUMMARY");
  if (summary.empty()) return;
  const auto appended = append_to_file(summary, gate_markdown(record));
  if (!appended) report_error(appended.error());
}

}  // namespace sklab
