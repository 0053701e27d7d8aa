// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/latency/churn.h"

#include <bpf/bpf.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include "bench/series_bindings.h"

namespace sklab {
namespace {

class LinkChurn final : public Churn {
 public:
  LinkChurn(NetnsLink &link, std::vector<Program> programs)
      : link_(link), programs_(std::move(programs)) {}

  Result<> operate() override { return link_.update(programs_[++done_ % programs_.size()].fd()); }

 private:
  NetnsLink &link_;
  std::vector<Program> programs_;
  size_t done_ = 0;
};

class AttachChurn final : public Churn {
 public:
  AttachChurn(const Netns &netns, Program program) : netns_(netns), program_(std::move(program)) {}

  Result<> operate() override {
    if (link_) {
      Result<> detached = link_->detach();
      link_.reset();
      return detached;
    }
    SKLAB_TRY(NetnsLink link, NetnsLink::attach(program_.fd(), netns_));
    link_.emplace(std::move(link));
    return Ok{};
  }

 private:
  const Netns &netns_;
  Program program_;
  std::optional<NetnsLink> link_;
};

class SockmapChurn final : public Churn {
 public:
  SockmapChurn(int map_fd, int socket_fd) : map_fd_(map_fd), socket_fd_(socket_fd) {}

  Result<> operate() override {
    const auto socket = static_cast<uint64_t>(socket_fd_);
    if (bpf_map_update_elem(map_fd_, &kSeriesSlot, &socket, BPF_ANY) == 0) return Ok{};
    return fail("update", "a SOCKMAP", errno);
  }

 private:
  int map_fd_;
  int socket_fd_;
};

class LpmChurn final : public Churn {
 public:
  LpmChurn(FamilyCase family, int map_fd) : family_(std::move(family)), map_fd_(map_fd) {}
  ~LpmChurn() override {
    if (present_) static_cast<void>(remove_spare_binding(family_, map_fd_));
  }

  Result<> operate() override {
    present_ = !present_;
    return present_ ? put_spare_binding(family_, map_fd_) : remove_spare_binding(family_, map_fd_);
  }

 private:
  FamilyCase family_;
  int map_fd_;
  bool present_ = false;
};

}  // namespace

const std::vector<ChurnDescription> &all_churn() {
  static const std::vector<ChurnDescription> all = {
      {ChurnKind::kLink, "link", "its link's program is replaced", "link updates"},
      {ChurnKind::kAttach, "attach", "a second program comes and goes", "attaches and detaches"},
      {ChurnKind::kKey, "key", "it comes and goes, and the static key with it",
       "attaches and detaches"},
      {ChurnKind::kSockmap, "sockmap", "its SOCKMAP gets the socket again", "SOCKMAP updates"},
      {ChurnKind::kLpm, "lpm", "a prefix is put into its trie, and taken out", "trie updates"},
  };
  return all;
}

const ChurnDescription &describe(ChurnKind kind) {
  return *std::find_if(all_churn().begin(), all_churn().end(),
                       [&](const ChurnDescription &one) { return one.kind == kind; });
}

Result<std::unique_ptr<Churn>> Churn::create(ChurnKind kind, const FamilyCase &family,
                                             const PopulatedNetns &netns, NetnsLink *link) {
  constexpr unsigned kAlternatives = 2;
  switch (kind) {
    case ChurnKind::kLink: {
      SKLAB_TRY(auto programs, netns.programs.instances(Steering::kSeries, kAlternatives));
      return std::make_unique<LinkChurn>(*link, std::move(programs));
    }
    case ChurnKind::kAttach:
    case ChurnKind::kKey: {
      SKLAB_TRY(auto programs, netns.programs.instances(Steering::kPass, 1));
      return std::make_unique<AttachChurn>(netns.netns, std::move(programs.front()));
    }
    case ChurnKind::kSockmap:
      return std::make_unique<SockmapChurn>(netns.programs.series_destinations_fd(),
                                            netns.sockets.fd(Population::kSteered));
    case ChurnKind::kLpm:
      return std::make_unique<LpmChurn>(family, netns.programs.series_bindings_fd());
  }
  return fail("make", "churn", EINVAL);
}

}  // namespace sklab
