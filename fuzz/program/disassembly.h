// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <linux/bpf.h>

#include <string>

#include "harness/model/step_program.h"
#include "harness/path/step_code.h"

namespace sklab {

// One instruction, like the verifier's log writes it: "r7 = *(u32 *)(r6 +8)". Only those that
// programs of steps are made of.
std::string disassemble(const bpf_insn &one);

// The instructions of a program, each with its number, the step it belongs to before the first one.
std::string disassembly(const StepProgram &program, const StepCode &code);

}  // namespace sklab
