// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/base/result.h"
#include "harness/base/unique_fd.h"
#include "harness/kernel/instructions.h"
#include "harness/kernel/load_attempt.h"

namespace sklab {

// Loads a sk_lookup program that the verifier has to accept.
inline Result<UniqueFd> load_raw_program(const instructions::Code &code) {
  LoadAttempt attempt = attempt_load(code.all());
  if (attempt.accepted()) return std::move(attempt.fd);
  return fail("load", "a sk_lookup program", attempt.error_number, attempt.verifier_message);
}

// A program that returns `code` and does nothing else.
inline Result<UniqueFd> load_constant_program(int32_t code) {
  using namespace instructions;
  return load_raw_program(Code(move(BPF_REG_0, code), leave()));
}

}  // namespace sklab
