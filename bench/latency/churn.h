// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What changes while packets are looked up, as a control plane changes it: one call after the
// other, from a CPU of its own. No packet may notice by where it goes.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "bench/populated_netns.h"
#include "harness/kernel/netns_link.h"

namespace sklab {

enum class ChurnKind : uint8_t {
  kLink,     // the attached program is replaced by another that does the same
  kAttach,   // a second program is attached behind it, and detached
  kKey,      // the only program of the machine is attached and detached: so is the static key
  kSockmap,  // the socket that the program chooses is put into its SOCKMAP again
  kLpm,      // a prefix is put into the program's trie, and taken out
};

struct ChurnDescription {
  ChurnKind kind;
  std::string_view name;       // "link", as options and rows have it
  std::string_view title;      // continues "while ..."
  std::string_view operation;  // one of them: "update"
};
const std::vector<ChurnDescription> &all_churn();
const ChurnDescription &describe(ChurnKind kind);

class Churn {
 public:
  // `netns` and `link`, of the program that packets meet, are borrowed; kKey is without a link.
  static Result<std::unique_ptr<Churn>> create(ChurnKind kind, const FamilyCase &family,
                                               const PopulatedNetns &netns, NetnsLink *link);
  virtual ~Churn() = default;

  // The next operation.
  virtual Result<> operate() = 0;
};

}  // namespace sklab
