// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sklab {

// The rule set for return codes and for how several programs decide together.
enum class Dialect : uint8_t {
  kRedirect,  // proposed on 2 July 2020: OK, DROP, REDIRECT
  kOkDrop,    // the reply: OK, DROP; selecting a socket is what REDIRECT was
  kPassDrop,  // merged in Linux 5.9: SK_PASS, SK_DROP; the kernel's own
};
inline constexpr std::array kDialects = {Dialect::kRedirect, Dialect::kOkDrop, Dialect::kPassDrop};

std::string_view dialect_name(Dialect dialect);

// Values of enum sk_action in include/uapi/linux/bpf.h.
inline constexpr uint32_t kSkDrop = 0;
inline constexpr uint32_t kSkPass = 1;

// The return codes of the older dialects. They are no constants: the proposal's text says that
// BPF_DROP is 1, its code used enum bpf_ret_code of include/uapi/linux/bpf.h, where it is 2.
struct ReturnCodes {
  uint32_t ok = 0;
  uint32_t drop = 2;
  uint32_t redirect = 7;  // not in ok_drop

  bool operator==(const ReturnCodes &) const = default;
};

// What a return code asks for.
enum class Action : uint8_t { kPass, kDrop, kRedirect };

// None for a code that the dialect does not allow. `redirect` allows all: "Other return values are
// treated the same as BPF_OK."
std::optional<Action> action_of(Dialect dialect, const ReturnCodes &codes, uint32_t code);

// The code that asks for `action`; none when the dialect has no such action.
std::optional<uint32_t> code_of(Dialect dialect, const ReturnCodes &codes, Action action);

}  // namespace sklab
