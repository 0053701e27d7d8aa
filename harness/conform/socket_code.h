// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Pieces of sk_lookup programs that take sockets from maps. All keep the context in R6.
#pragma once

#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>

#include "harness/kernel/instructions.h"
#include "harness/kernel/load_attempt.h"
#include "harness/model/scenario.h"

namespace sklab {

// A socket that may be in every map, and be assigned.
inline SocketSpec mapped_server() {
  SocketSpec spec;
  spec.name = "server";
  spec.local = {{Family::kIpv4, {127, 0, 0, 1}}, 7001};
  return spec;
}

// R0 = the value for a key, by bpf_map_lookup_elem; the map is in R1.
inline instructions::Code look_up_in_r1(int32_t key) {
  using namespace instructions;
  return Code(store_constant(4, BPF_REG_10, -4, key), copy(BPF_REG_2, BPF_REG_10),
              add(BPF_REG_2, -4), call(BPF_FUNC_map_lookup_elem));
}

inline instructions::Code look_up(int map_fd, int32_t key) {
  return instructions::Code(instructions::load_map(BPF_REG_1, map_fd), look_up_in_r1(key));
}

// What follows when the register is not NULL.
inline instructions::Code unless_null(uint8_t pointer, const instructions::Code &then) {
  const auto length = static_cast<int16_t>(then.all().size());
  return instructions::Code(instructions::skip_if_equal(pointer, 0, length), then);
}

// R0 = bpf_sk_assign(context, socket, flags).
inline instructions::Code assign(uint8_t socket, int32_t flags) {
  using namespace instructions;
  return Code(copy(BPF_REG_1, BPF_REG_6), copy(BPF_REG_2, socket), move(BPF_REG_3, flags),
              call(BPF_FUNC_sk_assign));
}

inline instructions::Code release(uint8_t socket) {
  using namespace instructions;
  return Code(copy(BPF_REG_1, socket), call(BPF_FUNC_sk_release));
}

// R7 = the socket in R0 while `use` runs, which is only when there is one.
inline instructions::Code use_reference(const instructions::Code &use) {
  using namespace instructions;
  return unless_null(BPF_REG_0, Code(copy(BPF_REG_7, BPF_REG_0), use, release(BPF_REG_7)));
}

// The same with a socket of a map.
inline instructions::Code with_socket(int map_fd, int32_t key, const instructions::Code &use) {
  return instructions::Code(look_up(map_fd, key), use_reference(use));
}

// Loads the program that runs `body` and returns `code`.
inline LoadAttempt attempt_body(const instructions::Code &body, int32_t code = SK_PASS) {
  using namespace instructions;
  return attempt_load(Code(copy(BPF_REG_6, BPF_REG_1), body, move(BPF_REG_0, code), leave()).all());
}

// Whether the verifier refused it and says this. EINVAL or EACCES: which one has changed between
// kernels, as have the wordings.
inline bool refused_for(const LoadAttempt &attempt, std::string_view reason) {
  return (attempt.error_number == EINVAL || attempt.error_number == EACCES) &&
         attempt.verifier_message.find(reason) != std::string::npos;
}

}  // namespace sklab
