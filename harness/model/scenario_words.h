// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The words of a scenario's text that its writer and its parser share.
#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "harness/model/scenario.h"

namespace sklab {

inline constexpr std::array<std::pair<Action, std::string_view>, 3> kActionNames = {
    {{Action::kPass, "pass"}, {Action::kDrop, "drop"}, {Action::kRedirect, "redirect"}}};

// By ReuseportProgram::Action.
inline constexpr std::array<std::string_view, 3> kReuseportActionNames = {"pass", "drop", "select"};

}  // namespace sklab
