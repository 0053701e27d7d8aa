// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

namespace sklab {

// The fuzzer that is to find this wrong rule: for the others it makes no difference, or seldom.
std::string_view fuzzer_for(std::string_view mutant);

// A line for every wrong rule that there is: its fuzzer, a tab, its name.
std::string mutant_list();

}  // namespace sklab
