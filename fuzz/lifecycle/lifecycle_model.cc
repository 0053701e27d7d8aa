// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/lifecycle/lifecycle_model.h"

#include <algorithm>
#include <cerrno>

namespace sklab {
namespace {

// A kernel worker takes a namespace down; a sequence should not wait for many.
constexpr size_t kMostNetnsExits = 2;

LinkedProgram linked(size_t program) { return {program, program < kLookupPrograms}; }

}  // namespace

LifecycleModel::LifecycleModel(const Rules &rules) : rules_(rules) {
  for (auto &place : places_) {
    place = namespaces_.size();
    namespaces_.push_back({LinkList(rules_.links)});
  }
}

std::optional<size_t> LifecycleModel::place_of(size_t netns) const {
  const auto *const found = std::find(places_.begin(), places_.end(), std::optional(netns));
  if (found == places_.end()) return std::nullopt;
  return static_cast<size_t>(std::distance(places_.begin(), found));
}

size_t LifecycleModel::attached(size_t place) const {
  return netns_open(place) ? namespaces_[index_of(place)].links.programs().size() : 0;
}

const LinkState &LifecycleModel::link_state(size_t link) const {
  const ModelLink &model = links_.at(link);
  return namespaces_[model.netns].links.link(model.number);
}

bool LifecycleModel::possible(const Operation &operation) const {
  switch (operation.kind) {
    case OperationKind::kAttach:
      return netns_open(operation.netns) && !links_.contains(operation.link);
    case OperationKind::kUpdate:
    case OperationKind::kDetach:
    case OperationKind::kCloseLink:
    case OperationKind::kLinkInfo: {
      const auto link = links_.find(operation.link);
      return link != links_.end() && link->second.open;
    }
    case OperationKind::kQuery:
    case OperationKind::kLegacyAttach:
    case OperationKind::kLegacyDetach:
    case OperationKind::kLookUp:
      return netns_open(operation.netns);
    case OperationKind::kExitNetns:
      return netns_open(operation.netns) && netns_exits_ < kMostNetnsExits;
    case OperationKind::kOpenNetns:
      return !netns_open(operation.netns);
    case OperationKind::kErase:
    case OperationKind::kRead:
      return true;
    default:
      return socket_possible(operation);
  }
}

ExpectedResult LifecycleModel::apply(const Operation &operation, const ProgramTable &programs) {
  const auto only = [](int error) {
    ExpectedResult expected;
    expected.result.error = error;
    return expected;
  };
  switch (operation.kind) {
    case OperationKind::kAttach:
      return only(attach(operation));
    case OperationKind::kUpdate:
      return only(update(operation));
    case OperationKind::kDetach: {
      const ModelLink &link = links_.at(operation.link);
      return only(namespaces_[link.netns].links.detach(link.number));
    }
    case OperationKind::kCloseLink: {
      ModelLink &link = links_.at(operation.link);
      namespaces_[link.netns].links.close(link.number);
      link.open = false;
      return {};
    }
    case OperationKind::kQuery:
      return query(operation);
    case OperationKind::kLinkInfo:
      return link_info(operation.link);
    case OperationKind::kLegacyAttach:
    case OperationKind::kLegacyDetach:
      // bpf_prog_attach and bpf_prog_detach in kernel/bpf/syscall.c do not have the type.
      return only(-EINVAL);
    case OperationKind::kExitNetns:
      exit_netns(operation.netns);
      return {};
    case OperationKind::kOpenNetns:
      places_[operation.netns] = namespaces_.size();
      namespaces_.push_back({LinkList(rules_.links)});
      return {};
    case OperationKind::kLookUp:
      return look_up(operation, programs);
    default:
      return apply_to_sockets(operation);
  }
}

int LifecycleModel::attach(const Operation &operation) {
  Namespace &netns = namespaces_[index_of(operation.netns)];
  const int error = netns.links.attach(linked(operation.program));
  if (error != 0) return error;
  links_[operation.link] = {index_of(operation.netns), netns.made++};
  return 0;
}

int LifecycleModel::update(const Operation &operation) {
  const ModelLink &link = links_.at(operation.link);
  LinkUpdate update{linked(operation.program), std::nullopt};
  if (operation.expected) update.expected = linked(*operation.expected);
  return namespaces_[link.netns].links.update(link.number, update);
}

void LifecycleModel::exit_netns(size_t place) {
  const size_t netns = index_of(place);
  for (const auto &[number, socket] : sockets_) {
    if (socket.open && socket.netns == netns) close_socket(number);
  }
  namespaces_[netns].links.exit_netns();
  places_[place].reset();
  ++netns_exits_;
}

ExpectedResult LifecycleModel::query(const Operation &operation) const {
  const std::vector<size_t> programs = namespaces_[index_of(operation.netns)].links.programs();
  const auto flags = static_cast<uint32_t>(operation.flags);
  ExpectedResult expected;
  expected.result.error = rules_.lifecycle.query({flags, operation.room, programs.size()});
  // Wrong flags are refused before anything is written.
  if (expected.result.error == -EINVAL) return expected;
  const size_t written = std::min<size_t>(operation.room, programs.size());
  expected.result.count = static_cast<uint32_t>(programs.size());
  expected.result.programs.assign(programs.begin(),
                                  programs.begin() + static_cast<ptrdiff_t>(written));
  return expected;
}

ExpectedResult LifecycleModel::link_info(size_t link) const {
  const LinkState &state = link_state(link);
  ExpectedResult expected;
  expected.result.programs = {state.program.number};
  expected.result.count = state.attached ? 1 : 0;
  return expected;
}

}  // namespace sklab
