// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Loading a program that the verifier may or must refuse: a refusal is a result, not an error.
#pragma once

#include <linux/bpf.h>

#include <span>
#include <string>
#include <string_view>

#include "harness/base/unique_fd.h"

namespace sklab {

struct LoadAttempt {
  UniqueFd fd;                   // of the program, when it was accepted
  int error_number = 0;          // 0 when it was accepted
  std::string verifier_message;  // why not, in the verifier's words; empty when it was accepted

  [[nodiscard]] bool accepted() const { return fd.valid(); }
  // One line: "accepted" or "EINVAL: R0 !read_ok".
  [[nodiscard]] std::string text() const;
};

// EAGAIN, which a signal during verification gives, is tried again a few times.
LoadAttempt attempt_load(std::span<const bpf_insn> instructions,
                         bpf_prog_type type = BPF_PROG_TYPE_SK_LOOKUP,
                         bpf_attach_type attach_type = BPF_SK_LOOKUP);

// The same for a sk_lookup program without the verifier's message, which takes most of the time.
LoadAttempt attempt_load_quietly(std::span<const bpf_insn> instructions);

// What the verifier found wrong: the last lines of its log (log_level 1) that are neither an
// instruction nor statistics, joined by "; ".
std::string verifier_message(std::string_view log);

}  // namespace sklab
