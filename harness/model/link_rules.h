// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Links between sk_lookup programs and a netns: kernel/bpf/net_namespace.c and link_update in
// kernel/bpf/syscall.c.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace sklab {

// Programs that can be attached to a netns (netns_bpf_max_progs).
inline constexpr size_t kMaxLinks = 64;

// Programs are told apart by a number; some are of another type.
struct LinkedProgram {
  size_t number = 0;
  bool is_sk_lookup = true;

  bool operator==(const LinkedProgram &) const = default;
};

struct LinkState {
  LinkedProgram program;
  bool attached = true;  // neither detached nor was its netns left behind
};

struct LinkUpdate {
  LinkedProgram program;
  std::optional<LinkedProgram> expected;  // BPF_F_REPLACE with the program that must be there
};

struct LinkRules {
  size_t max_links;
  // The checks of an update in their order, each 0 or a negative errno.
  using UpdateCheck = int (*)(const LinkState &link, const LinkUpdate &update);
  std::vector<UpdateCheck> update_checks;
  // Where the link is in the order of programs after an update; `order` holds numbers of links.
  void (*place_updated)(std::vector<size_t> &order, size_t link);
  // BPF_LINK_DETACH.
  int (*detach)(const LinkState &link);
  // Whether a link is attached still when its netns is gone.
  bool (*outlives_netns)(const LinkState &link);
};

int check_expected(const LinkState &link, const LinkUpdate &update);
int check_type(const LinkState &link, const LinkUpdate &update);
int check_attached(const LinkState &link, const LinkUpdate &update);

const LinkRules &kernel_link_rules();

// The sk_lookup links of one netns. Links are numbered in the order in which they were made.
class LinkList {
 public:
  explicit LinkList(const LinkRules &rules = kernel_link_rules()) : rules_(rules) {}

  // Each 0 or a negative errno, which changes nothing.
  int attach(const LinkedProgram &program);
  int update(size_t link, const LinkUpdate &update);
  // The link stays, without effect. Once more does no harm.
  int detach(size_t link);

  // The last descriptor of the link is closed.
  void close(size_t link) { detach(link); }
  // The netns goes away; its links stay while somebody holds them.
  void exit_netns();

  [[nodiscard]] const LinkState &link(size_t number) const { return links_[number]; }
  // How many were ever attached.
  [[nodiscard]] size_t count() const { return links_.size(); }
  // The numbers of the links that are attached, in the order in which their programs run.
  [[nodiscard]] const std::vector<size_t> &order() const { return order_; }
  // The numbers of the programs in the order in which they run.
  [[nodiscard]] std::vector<size_t> programs() const;

 private:
  const LinkRules &rules_;
  std::vector<LinkState> links_;
  std::vector<size_t> order_;
};

}  // namespace sklab
