// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <filesystem>
#include <vector>

#include "harness/base/result.h"
#include "harness/guest/guest_record.h"
#include "harness/record/compare/compare_record.h"
#include "harness/record/instructions/instruction_record.h"

namespace sklab {

// What a kernel's guest counted, with the profile that its emulator made meanwhile.
struct ProfiledCount {
  InstructionRecord counts;
  const GuestRecord *guest = nullptr;
  std::filesystem::path vmlinux;  // with debug information; empty for none
};

// Adds to every row that changed which functions did, and if all kernels have debug information
// which lines of them. Errors: a profile that is not what was asked
// for.
Result<> add_functions(const std::vector<ProfiledCount> &kernels, CompareRecord &record);

}  // namespace sklab
