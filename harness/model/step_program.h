// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Programs of steps: sk_lookup programs of one's own making, right and wrong ones, in terms whose
// rules are known exactly. A step is one to eight instructions (path/step_code.h). What the
// verifier says to them is in load_rules.h, what they do when they run in step_run.h.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "harness/model/scenario.h"

namespace sklab {

enum class StepKind : uint8_t {
  kLookUp,      // slot = the value of map `form` for the key `value`
  kLoad,        // slot = `size` bytes at `source` + offset
  kStore,       // write `size` bytes at `source` + offset, in the way `form`
  kSet,         // slot = a number, the given number or the context, by `form`
  kCopy,        // slot = source
  kMask,        // slot &= value, which is a run of low bits
  kObserve,     // show what is in `source`
  kAssign,      // bpf_sk_assign(context, source + offset, flags or value)
  kRelease,     // bpf_sk_release(source)
  kIf,          // the next `length` steps only if the condition `form` holds
  kReturn,      // leave, with what `form` makes of `source` or `value`
  kCallHelper,  // call helper `form`, of other types of programs
};
inline constexpr size_t kStepKinds = 12;

// What a step takes a value from. The first four are what a program keeps; nothing is in a slot
// before something was put there.
enum class StepSource : uint8_t {
  kSlot0,
  kSlot1,
  kSlot2,
  kResult,   // R0: what the last call returned
  kContext,  // the program's argument
  kNumber,   // the step's `value`; 0 is NULL
  kStack,    // an address
  kMap,      // a SOCKMAP itself
  kMapValue  // an address in an array map
};
inline constexpr size_t kStepSources = 9;
inline constexpr size_t kSlots = 3;       // that steps write to
inline constexpr size_t kKeptValues = 4;  // these and R0
constexpr bool is_kept(StepSource source) { return static_cast<size_t>(source) < kKeptValues; }
constexpr StepSource slot_source(size_t slot) { return static_cast<StepSource>(slot); }

// Step::form of each kind.
enum class MapForm : uint8_t { kSockmap, kSockhash };
enum class StoreForm : uint8_t { kRegister, kConstant, kAtomicAdd };
enum class SetForm : uint8_t { kSigned32, kUnsigned32, k64, kGiven, kContext };
enum class IfForm : uint8_t { kNotNull, kNull, kFieldEqual, kFieldNotEqual };
enum class ReturnForm : uint8_t {
  kSigned32,  // value, sign-extended
  kUnsigned32,
  k64,
  kAsItIs,  // source
  kLowestBit,
  kLowestBitAndOne,  // plus one
  kAtMostOne,        // 1 for everything above
  kWhetherEqual,     // to value
};
inline constexpr std::array<size_t, kStepKinds> kFormsOfStep = {2, 1, 3, 5, 1, 1, 1, 1, 1, 4, 8, 8};

// Helpers that sk_lookup programs do not have. By Step::form of kCallHelper.
struct MissingHelper {
  std::string_view name;
  int32_t id;  // enum bpf_func_id
};
inline constexpr std::array<MissingHelper, 8> kMissingHelpers = {{
    {"bpf_sk_lookup_tcp", 84},
    {"bpf_sk_lookup_udp", 85},
    {"bpf_skc_lookup_tcp", 99},
    {"bpf_sk_fullsock", 95},
    {"bpf_tcp_sock", 96},
    {"bpf_get_listener_sock", 98},
    {"bpf_sk_select_reuseport", 82},
    {"bpf_sk_redirect_map", 52},
}};

struct Step {
  StepKind kind = StepKind::kReturn;
  uint8_t form = 0;
  uint8_t slot = 0;  // below kSlots
  StepSource source = StepSource::kSlot0;
  StepSource context = StepSource::kContext;  // of kAssign
  StepSource flags = StepSource::kNumber;     // of kAssign; kNumber is `value`
  int16_t offset = 0;
  uint8_t size = 4;    // 1, 2, 4 or 8
  uint8_t length = 0;  // of kIf
  uint64_t value = 0;
  // Stays as it is when what is wrong with the program is mended.
  bool is_fixed = false;

  bool operator==(const Step &) const = default;
};

// Fields of the context that kIf compares with, and how many bytes of each.
struct ComparedField {
  std::string_view name;
  uint8_t offset;
  uint8_t size;
};
inline constexpr std::array<ComparedField, 4> kComparedFields = {
    {{"family", 8, 4}, {"protocol", 12, 4}, {"remote_port", 36, 2}, {"local_port", 60, 4}}};

// That of a kIf, which has no other use for its source.
inline const ComparedField &compared_field(const Step &step) {
  return kComparedFields[static_cast<size_t>(step.source) % kComparedFields.size()];
}

struct StepProgram {
  std::vector<Step> steps;
  Packet packet;       // that it runs for
  uint64_t given = 0;  // a number that the verifier does not know

  bool operator==(const StepProgram &) const = default;
};

// Limits that keep the paths through a program few and its instructions in reach of jumps.
inline constexpr size_t kMostSteps = 40;  // and a return
inline constexpr size_t kMostIfs = 6;

// Makes a program one that can be loaded as far as its structure goes: no more steps and branches
// than the limits, no step that nothing leads to (the verifier refuses those unseen, check_cfg),
// and a return, SK_PASS, where it would run out of its end.
void complete_program(StepProgram &program);

// Branches over the step that goes become shorter.
void remove_step(std::vector<Step> &steps, size_t removed);

// The sockets in both maps, by key, and one key more without a socket.
const std::vector<SocketSpec> &step_sockets();
inline size_t step_keys() { return step_sockets().size() + 1; }

}  // namespace sklab
