// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/lifecycle/lifecycle_features.h"

#include <algorithm>

#include "fuzz/target/feature_counters.h"

namespace sklab {
namespace {

// Of features: tells them from those of other targets and from each other.
enum : uint64_t { kOperationFeature = 100, kLookupFeature };

// None, one, few, many, all.
uint64_t class_of_count(size_t count) {
  if (count < 2) return count;
  return count < 5 ? 2 : count < kMaxLinks ? 3 : 4;
}

uint64_t class_of_link(size_t number, const LifecycleModel &model) {
  const auto found = model.links().find(number);
  if (found == model.links().end()) return 0;
  const LinkState &state = model.link_state(number);
  return 1 + (state.attached ? 1 : 0) + 2 * (state.program.is_sk_lookup ? 1 : 0);
}

uint64_t class_of_socket(size_t number, const LifecycleModel &model) {
  const auto found = model.sockets().find(number);
  if (found == model.sockets().end()) return 0;
  const OpenSocket &state = found->second.state;
  return 1 + static_cast<uint64_t>(state.stage) +
         4 * static_cast<uint64_t>(state.spec.protocol == Protocol::kTcp) +
         8 * static_cast<uint64_t>(state.spec.reuseport_group.has_value());
}

// What matters to the operation.
uint64_t class_of_state(const Operation &operation, const LifecycleModel &model) {
  switch (operation.kind) {
    case OperationKind::kUpdate:
      return class_of_link(operation.link, model) * 8 + (operation.expected ? 4U : 0U) +
             (operation.program == kOtherProgram ? 1 : 0);
    case OperationKind::kDetach:
    case OperationKind::kCloseLink:
    case OperationKind::kLinkInfo:
      return class_of_link(operation.link, model);
    case OperationKind::kAttach:
    case OperationKind::kQuery:
    case OperationKind::kLookUp:
    case OperationKind::kExitNetns:
      return class_of_count(model.attached(operation.netns));
    case OperationKind::kPut:
    case OperationKind::kErase:
    case OperationKind::kRead: {
      const auto &map = model.mapped(operation.map);
      return class_of_socket(operation.socket, model) * 64 + std::min<size_t>(map.size(), 4) * 8 +
             static_cast<uint64_t>(operation.map) * 4 + (map.contains(operation.key) ? 2U : 0U) +
             (operation.flags != 0 ? 1 : 0);
    }
    default:
      return class_of_socket(operation.socket, model);
  }
}

}  // namespace

void LifecycleFeatures::note_before(const Operation &operation, const LifecycleModel &model) {
  state_ = class_of_state(operation, model);
}

void LifecycleFeatures::note_after(const Operation &operation, const ExpectedResult &expected) {
  const auto kind = static_cast<uint64_t>(operation.kind);
  const auto error = static_cast<uint64_t>(-expected.result.error);
  note_feature({kOperationFeature, kind, previous_, error, state_});
  previous_ = kind * 256 + error;
  if (operation.kind != OperationKind::kLookUp) return;
  const auto &results = expected.result.step_results;
  const int last = results.empty() ? 0 : results.back();
  note_feature({kLookupFeature, class_of_count(expected.result.programs.size()),
                std::min<size_t>(expected.sockets.size(), 2), static_cast<uint64_t>(-last),
                class_of_count(results.size())});
}

}  // namespace sklab
