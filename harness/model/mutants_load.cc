// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/mutant_lists.h"

#include <bit>

#include "harness/model/load_rules.h"

namespace sklab {
namespace {

// Rules about values, by what the kernel's rule says otherwise.
constexpr Mutant kLoadMutants[] = {
    {"load: return code 2 is allowed",
     [](Rules &rules) {
       rules.load.may_be_returned = [](const KnownValue &value) {
         return value.is_number(2) || may_be_returned(value);
       };
     }},
    {"load: unknown return codes are allowed",
     [](Rules &rules) {
       rules.load.may_be_returned = [](const KnownValue &value) {
         return value.kind == ValueKind::kNumber && (value.low <= 1 || value.low < value.high);
       };
     }},
    {"load: a return code counts by its low 32 bits",
     [](Rules &rules) {
       rules.load.may_be_returned = [](const KnownValue &value) {
         KnownValue low_half = value;
         if (value.low == value.high) low_half.low = low_half.high = value.low & 0xffffffff;
         return may_be_returned(low_half);
       };
     }},
    {"load: a reference may be kept",
     [](Rules &rules) { rules.load.may_leave = [](const LoadState &) { return true; }; }},
    {"load: one reference may be kept",
     [](Rules &rules) {
       rules.load.may_leave = [](const LoadState &state) {
         return std::popcount(state.references) < 2;
       };
     }},
    {"load: a reference must be released even where it is NULL",
     [](Rules &rules) {
       rules.load.after_null_check = [](LoadState &state, const KnownValue &value, bool is_null) {
         const uint64_t references = state.references;
         note_null_check(state, value, is_null);
         state.references = references;
       };
     }},
    {"load: sk may be written",
     [](Rules &rules) {
       rules.load.context_access = [](int offset, uint32_t size, AccessKind kind) {
         return (offset == 0 && size == 8) || context_access_allowed(offset, size, kind);
       };
     }},
    {"load: what may be read of the context may be written",
     [](Rules &rules) {
       rules.load.context_access = [](int offset, uint32_t size, AccessKind) {
         return context_access_allowed(offset, size, AccessKind::kRead);
       };
     }},
    {"load: half of sk may be read",
     [](Rules &rules) {
       rules.load.context_access = [](int offset, uint32_t size, AccessKind kind) {
         const bool is_half = kind == AccessKind::kRead && offset == 0 && size == 4;
         return is_half || context_access_allowed(offset, size, kind);
       };
     }},
    {"load: the remote port cannot be read as 4 bytes",
     [](Rules &rules) {
       rules.load.context_access = [](int offset, uint32_t size, AccessKind kind) {
         return !(offset == 36 && size == 4) && context_access_allowed(offset, size, kind);
       };
     }},
    {"load: any two bytes of a socket may be read",
     [](Rules &rules) {
       rules.load.socket_access = [](int offset, uint32_t size, AccessKind kind) {
         const bool is_inside = offset >= 0 && offset < 80 && offset % 2 == 0;
         return (kind == AccessKind::kRead && size == 2 && is_inside) ||
                socket_access_allowed(offset, size, kind);
       };
     }},
    {"load: a socket may be written",
     [](Rules &rules) {
       rules.load.socket_access = [](int offset, uint32_t size, AccessKind) {
         return socket_access_allowed(offset, size, AccessKind::kRead);
       };
     }},
    {"load: one instruction may load from context and socket",
     [](Rules &rules) {
       rules.load.may_load_from_both = [](ValueKind, ValueKind) { return true; };
     }},
    {"load: an unchecked socket may be assigned",
     [](Rules &rules) {
       rules.load.may_be_assigned = [](const KnownValue &value) {
         return value.kind == ValueKind::kMapped || may_be_assigned(value);
       };
     }},
    {"load: the selected socket has to be checked before it is assigned",
     [](Rules &rules) {
       rules.load.may_be_assigned = [](const KnownValue &value) {
         return value.kind != ValueKind::kSelected && may_be_assigned(value);
       };
     }},
    {"load: NULL may not be assigned",
     [](Rules &rules) {
       rules.load.may_be_assigned = [](const KnownValue &value) {
         return value.kind != ValueKind::kNumber && may_be_assigned(value);
       };
     }},
    {"load: any number may be assigned",
     [](Rules &rules) {
       rules.load.may_be_assigned = [](const KnownValue &value) {
         return value.kind == ValueKind::kNumber || may_be_assigned(value);
       };
     }},
    {"load: the context may be assigned",
     [](Rules &rules) {
       rules.load.may_be_assigned = [](const KnownValue &value) {
         return value.kind == ValueKind::kContext || may_be_assigned(value);
       };
     }},
    {"load: an unchecked socket may be released",
     [](Rules &rules) {
       rules.load.may_be_released = [](const KnownValue &value) {
         return value.kind == ValueKind::kMapped || may_be_released(value);
       };
     }},
    {"load: the selected socket may be released",
     [](Rules &rules) {
       rules.load.may_be_released = [](const KnownValue &value) {
         return value.kind == ValueKind::kSocket;
       };
     }},
    {"load: a socket may be used after its release",
     [](Rules &rules) {
       rules.load.after_release = [](LoadState &state, unsigned reference) {
         state.references &= ~reference_bit(reference);
       };
     }},
    {"load: the selected socket is gone after a release",
     [](Rules &rules) {
       rules.load.after_release = [](LoadState &state, unsigned reference) {
         release_values(state, reference);
         for (KnownValue &value : state.values) {
           if (value.kind == ValueKind::kSelected) value = {ValueKind::kNumber, 0, ~0ULL, 0, 0};
         }
       };
     }},
    {"load: a check holds for one copy only",
     [](Rules &rules) {
       rules.load.after_null_check = [](LoadState &state, const KnownValue &value, bool is_null) {
         const LoadState before = state;
         note_null_check(state, value, is_null);
         bool is_first = true;
         for (size_t i = 0; i < state.values.size(); ++i) {
           if (before.values[i].id != value.id) continue;
           if (!is_first) state.values[i] = before.values[i];
           is_first = false;
         }
       };
     }},
    {"load: bpf_sk_lookup_udp is there",
     [](Rules &rules) {
       rules.load.has_helper = [](const MissingHelper &helper) {
         return helper.name == "bpf_sk_lookup_udp";
       };
     }},
};

}  // namespace

std::span<const Mutant> load_mutants() { return kLoadMutants; }

}  // namespace sklab
