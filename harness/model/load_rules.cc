// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/load_rules.h"

#include <limits>

#include "harness/model/socket_fields.h"

namespace sklab {
namespace {

bool may_be_context(const KnownValue &value) { return value.kind == ValueKind::kContext; }

bool is_same_kind(ValueKind before, ValueKind now) { return before == now; }

bool nothing_to_release(const LoadState &state) { return state.references == 0; }

bool is_missing(const MissingHelper & /*helper*/) { return false; }

}  // namespace

bool socket_access_allowed(int offset, uint32_t size, AccessKind kind) {
  // No program may write to a socket (check_mem_access).
  if (kind == AccessKind::kWrite || offset < 0) return false;
  const auto position = static_cast<uint32_t>(offset);
  if (position >= kSocketSize || position % size != 0) return false;
  const SocketField &field = socket_field_at(position);
  const bool narrow = field.narrow_within || (field.narrow && position == field.offset);
  return size == field.widest || (narrow && size <= field.widest) ||
         (size == 4 && field.wide_load && position == field.offset);
}

bool may_be_assigned(const KnownValue &value) {
  switch (value.kind) {
    case ValueKind::kSocket:
    // ARG_PTR_TO_SOCKET_OR_NULL: not known to be a socket, but known to be one or NULL.
    case ValueKind::kSelected:
      return true;
    case ValueKind::kNumber:
      return value.is_number(0);
    default:
      return false;
  }
}

bool may_be_released(const KnownValue &value) {
  return value.kind == ValueKind::kSocket && value.reference != 0;
}

bool may_be_returned(const KnownValue &value) {
  return value.kind == ValueKind::kNumber && value.high <= kSkPass;
}

// They stay readable, as numbers of which nothing is known (mark_reg_invalid).
void release_values(LoadState &state, unsigned reference) {
  state.references &= ~reference_bit(reference);
  for (KnownValue &value : state.values) {
    if (value.reference != reference) continue;
    value = {ValueKind::kNumber, 0, std::numeric_limits<uint64_t>::max(), 0, 0};
  }
}

void note_null_check(LoadState &state, const KnownValue &value, bool is_null) {
  // There is nothing to release when a lookup found nothing.
  if (is_null && value.reference != 0) state.references &= ~reference_bit(value.reference);
  for (KnownValue &other : state.values) {
    if (other.kind != value.kind || other.id != value.id) continue;
    if (is_null) {
      other = {ValueKind::kNumber, 0, 0, 0, 0};
    } else {
      other.kind = ValueKind::kSocket;
    }
  }
}

const LoadRules &kernel_load_rules() {
  static const LoadRules rules = {
      .context_access = context_access_allowed,
      .socket_access = socket_access_allowed,
      .may_load_from_both = is_same_kind,
      .may_be_context = may_be_context,
      .may_be_assigned = may_be_assigned,
      .may_be_released = may_be_released,
      .after_release = release_values,
      .after_null_check = note_null_check,
      .may_be_returned = may_be_returned,
      .may_leave = nothing_to_release,
      .has_helper = is_missing,
  };
  return rules;
}

}  // namespace sklab
