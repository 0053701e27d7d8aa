// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The context of a sk_lookup program, struct bpf_sk_lookup of include/uapi/linux/bpf.h: which loads
// and stores the verifier lets through (sk_lookup_is_valid_access in net/core/filter.c), and what a
// load gives (sk_lookup_convert_ctx_access).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "harness/model/scenario.h"

namespace sklab {

// A part of the context within which all accesses follow the same rule.
struct ContextField {
  std::string_view name;
  uint32_t offset = 0;
  uint32_t size = 0;
  // Sizes of a load in bytes; 0 and 0 when there is none. Every load is aligned to its size.
  uint32_t narrowest = 0;
  uint32_t widest = 0;
};

inline constexpr std::array<ContextField, 12> kContextFields = {{
    {"sk", 0, 8, 8, 8},
    {"family", 8, 4, 1, 4},
    {"protocol", 12, 4, 1, 4},
    {"remote_ip4", 16, 4, 1, 4},
    {"remote_ip6", 20, 16, 1, 4},
    // Was 4 bytes wide before Linux 5.18: such a load is let through still, and so is the padding.
    {"remote_port", 36, 2, 1, 4},
    {"padding", 38, 2, 1, 2},
    {"local_ip4", 40, 4, 1, 4},
    {"local_ip6", 44, 16, 1, 4},
    {"local_port", 60, 4, 1, 4},
    {"ingress_ifindex", 64, 4, 1, 4},
    // That the struct has the alignment of its first member.
    {"tail", 68, 4, 0, 0},
}};

inline constexpr uint32_t kContextSize = 72;
inline constexpr std::array<uint32_t, 4> kAccessSizes = {1, 2, 4, 8};

enum class AccessKind : uint8_t { kRead, kWrite };

// The field that this byte of the context is in; null outside of the context.
const ContextField *context_field_at(int offset);

// Whether a program may access `size` bytes at `offset`, which may be outside of the context.
bool context_access_allowed(int offset, uint32_t size, AccessKind kind);

// The context as memory, from which a program loads.
using ContextBytes = std::array<uint8_t, kContextSize>;

// The context of a program that runs for this packet while no socket is selected.
ContextBytes context_of(const Packet &packet, uint32_t ingress_ifindex);

// What an allowed load gives, zero-extended to 64 bits.
uint64_t loaded_value(const ContextBytes &context, uint32_t offset, uint32_t size);

}  // namespace sklab
