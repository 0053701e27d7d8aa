// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "bench/family_case.h"
#include "bench/range/range_method.h"
#include "harness/base/result.h"
#include "harness/kernel/netns.h"
#include "harness/kernel/uplink.h"
#include "harness/path/exchange.h"

namespace sklab {

// What setting a method up took.
struct RangeSetUp {
  double setup_ms = 0;  // sockets, programs, maps and rules; not the netns and its routes
  // By how much the kernel's slab memory grew meanwhile, negative when it shrank, and what the
  // program and its map take; none where the kernel does not tell.
  std::optional<double> memory_bytes;
  size_t sockets = 0;
};

// A netns whose range of addresses and ports leads to a server by one of the methods, and a client
// at the other end of its interface.
class RangeHost {
 public:
  // Errors: kUnavailable where the method's parts are missing: nft, its modules, a kernel's option.
  static Result<RangeHost> create(RangeMethod method, const FamilyCase &family);
  RangeHost(RangeHost &&) noexcept;
  RangeHost &operator=(RangeHost &&) noexcept;
  ~RangeHost();

  [[nodiscard]] const RangeSetUp &set_up() const;
  [[nodiscard]] const Netns &client() const;

  // Of the program that every packet to the range meets, or the lookup of each; -1 for none.
  [[nodiscard]] int program_fd() const;

  // Of the endpoint with this number, 0 to 65535. Borrowed. None for sockets that are in another
  // table of descriptors, as the limit of open files asks for.
  [[nodiscard]] std::optional<ExchangeTarget> target(size_t number) const;

 private:
  struct State;
  explicit RangeHost(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace sklab
