// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <deque>
#include <filesystem>
#include <optional>
#include <string>

#include "fuzz/target/finding.h"

namespace sklab {

// What a crash is called, of a process that ended with `exit_code` and these last lines: the kind,
// and the first of our functions on the stack, without addresses, numbers and paths.
std::string crash_signature(const std::deque<std::string> &last_lines, int exit_code);

// A crash, a hang, or memory that ran out, as a finding: it is the harness that is wrong then.
Finding describe_crash(const std::deque<std::string> &last_lines, int exit_code);

// The input that a process named `worker` was running when it crashed: what libFuzzer kept in
// `scratch`, or the last of the journal; none if there is neither.
std::optional<std::string> crash_input(const std::filesystem::path &scratch,
                                       const std::string &worker,
                                       const std::filesystem::path &journal);

// Removes what libFuzzer kept of that process: the next one with its name is another.
void clear_crash_inputs(const std::filesystem::path &scratch, const std::string &worker);

}  // namespace sklab
