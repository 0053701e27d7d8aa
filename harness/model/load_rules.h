// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Which programs of steps load: what kernel/bpf/verifier.c knows of each value, and what
// net/core/filter.c lets sk_lookup programs do with it. For a loader with CAP_BPF and CAP_PERFMON,
// from whom addresses are not hidden.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "harness/model/context_rules.h"
#include "harness/model/step_program.h"

namespace sklab {

// What the verifier takes a value for.
enum class ValueKind : uint8_t {
  kNothing,   // never written
  kNumber,    // between low and high
  kContext,   // the program's argument
  kMapped,    // what a lookup in a map of sockets gave: a reference, or NULL
  kSelected,  // what ctx->sk gave: a socket, or NULL
  kSocket,    // no NULL; with a reference or without
  kAddress,   // of something else: stack, map, map value
};

struct KnownValue {
  ValueKind kind = ValueKind::kNothing;
  uint64_t low = 0;
  uint64_t high = 0;
  // Copies of a value have its id, and what is found out about one holds for all; 0 is none.
  unsigned id = 0;
  // Which reference it is or belongs to; 0 is none.
  unsigned reference = 0;

  [[nodiscard]] bool is_number(uint64_t number) const {
    return kind == ValueKind::kNumber && low == number && high == number;
  }
};

// Between the steps of one path through the program.
struct LoadState {
  std::array<KnownValue, kKeptValues> values;  // by StepSource
  uint64_t references = 0;                     // that have to be released, a bit each
};

// The bit of a reference in LoadState::references. They are numbered by the steps that made them,
// of which there are fewer than bits.
constexpr uint64_t reference_bit(unsigned reference) { return uint64_t{1} << reference; }

struct LoadRules {
  bool (*context_access)(int offset, uint32_t size, AccessKind kind);
  bool (*socket_access)(int offset, uint32_t size, AccessKind kind);
  // Whether one instruction may load from `now` on one path when it loads from `before` on another:
  // the kernel replaces the instruction by one for that kind (reg_type_mismatch).
  bool (*may_load_from_both)(ValueKind before, ValueKind now);
  // Arguments of bpf_sk_assign and bpf_sk_release.
  bool (*may_be_context)(const KnownValue &value);
  bool (*may_be_assigned)(const KnownValue &value);
  bool (*may_be_released)(const KnownValue &value);
  // What remains of the values of a reference that was released.
  void (*after_release)(LoadState &state, unsigned reference);
  // After `value` was compared with NULL and is, or is not.
  void (*after_null_check)(LoadState &state, const KnownValue &value, bool is_null);
  // A number that was found not to be 0 is not compared with 0 once more: KnownDeviations has a
  // kernel that learns nothing from that.
  bool learns_inequality = true;
  bool (*may_be_returned)(const KnownValue &value);
  bool (*may_leave)(const LoadState &state);
  bool (*has_helper)(const MissingHelper &helper);
};

const LoadRules &kernel_load_rules();

// Part of the kernel's rules, which mutants change.
bool socket_access_allowed(int offset, uint32_t size, AccessKind kind);
bool may_be_assigned(const KnownValue &value);
bool may_be_released(const KnownValue &value);
bool may_be_returned(const KnownValue &value);
void release_values(LoadState &state, unsigned reference);
void note_null_check(LoadState &state, const KnownValue &value, bool is_null);

// Why a program does not load.
enum class LoadReason : uint8_t {
  kNone,  // it loads
  kUnwritten,
  kAccess,      // of the context, a socket, or something that is neither
  kArithmetic,  // with something that is no number
  kAssign,
  kRelease,
  kReturn,
  kReference,  // kept at the end
  kHelper,
};
constexpr std::array<std::string_view, 9> kLoadReasons = {
    "loads",       "reads what was never written",
    "access",      "arithmetic with an address",
    "assign",      "release",
    "return code", "reference",
    "helper"};

struct LoadVerdict {
  LoadReason reason = LoadReason::kNone;
  size_t step = 0;  // at which it is refused

  [[nodiscard]] bool loads() const { return reason == LoadReason::kNone; }
  bool operator==(const LoadVerdict &) const = default;
};

// The program is complete (complete_program).
LoadVerdict judge_program(const StepProgram &program, const LoadRules &rules);

}  // namespace sklab
