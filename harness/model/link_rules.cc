// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/link_rules.h"

#include <algorithm>
#include <cerrno>

namespace sklab {
namespace {

void keep_place(std::vector<size_t> & /*order*/, size_t /*link*/) {}

// bpf_netns_link_detach, once more does no harm.
int allow_detach(const LinkState & /*link*/) { return 0; }

// netns_bpf_pernet_pre_exit.
bool goes_with_netns(const LinkState & /*link*/) { return false; }

}  // namespace

int check_expected(const LinkState &link, const LinkUpdate &update) {
  return update.expected && *update.expected != link.program ? -EPERM : 0;
}

int check_type(const LinkState & /*link*/, const LinkUpdate &update) {
  return update.program.is_sk_lookup ? 0 : -EINVAL;
}

int check_attached(const LinkState &link, const LinkUpdate & /*update*/) {
  return link.attached ? 0 : -ENOLINK;
}

const LinkRules &kernel_link_rules() {
  static const LinkRules rules = {
      .max_links = kMaxLinks,
      // netns_bpf_link_update_prog.
      .update_checks = {check_expected, check_type, check_attached},
      .place_updated = keep_place,
      .detach = allow_detach,
      .outlives_netns = goes_with_netns,
  };
  return rules;
}

int LinkList::attach(const LinkedProgram &program) {
  // bpf_prog_attach_check_attach_type comes before the links are counted.
  if (!program.is_sk_lookup) return -EINVAL;
  if (order_.size() >= rules_.max_links) return -E2BIG;
  order_.push_back(links_.size());
  links_.push_back({program, true});
  return 0;
}

int LinkList::update(size_t link, const LinkUpdate &update) {
  for (const auto check : rules_.update_checks) {
    if (const int error = check(links_[link], update); error != 0) return error;
  }
  links_[link].program = update.program;
  if (links_[link].attached) rules_.place_updated(order_, link);
  return 0;
}

int LinkList::detach(size_t link) {
  if (const int error = rules_.detach(links_[link]); error != 0) return error;
  links_[link].attached = false;
  order_.erase(std::remove(order_.begin(), order_.end(), link), order_.end());
  return 0;
}

void LinkList::exit_netns() {
  for (LinkState &link : links_) link.attached = link.attached && rules_.outlives_netns(link);
  order_.clear();
}

std::vector<size_t> LinkList::programs() const {
  std::vector<size_t> numbers;
  for (const size_t link : order_) numbers.push_back(links_[link].program.number);
  return numbers;
}

}  // namespace sklab
