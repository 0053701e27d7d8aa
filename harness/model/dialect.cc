// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/dialect.h"

namespace sklab {
namespace {

constexpr std::array<std::string_view, 3> kNames = {"redirect", "ok_drop", "pass_drop"};

}  // namespace

std::string_view dialect_name(Dialect dialect) { return kNames[static_cast<size_t>(dialect)]; }

std::optional<Action> action_of(Dialect dialect, const ReturnCodes &codes, uint32_t code) {
  for (const Action action : {Action::kPass, Action::kDrop, Action::kRedirect}) {
    if (code_of(dialect, codes, action) == code) return action;
  }
  if (dialect == Dialect::kRedirect) return Action::kPass;
  return std::nullopt;
}

std::optional<uint32_t> code_of(Dialect dialect, const ReturnCodes &codes, Action action) {
  const bool merged = dialect == Dialect::kPassDrop;
  switch (action) {
    case Action::kPass:
      return merged ? kSkPass : codes.ok;
    case Action::kDrop:
      return merged ? kSkDrop : codes.drop;
    case Action::kRedirect:
      break;
  }
  if (dialect != Dialect::kRedirect) return std::nullopt;
  return codes.redirect;
}

}  // namespace sklab
