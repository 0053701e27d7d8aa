// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <memory>
#include <string>

#include "harness/base/result.h"
#include "harness/model/address.h"

struct nl_sock;

namespace sklab {

// Network interfaces of the netns that the calling thread is in when this is opened (a netlink
// socket keeps the netns it was made in). Names are interface names.
class Interfaces {
 public:
  static Result<Interfaces> open();

  Result<> set_up(const std::string &name);

  // IPv6 addresses are usable at once: no duplicate address detection.
  Result<> add_address(const std::string &name, const IpAddress &address, unsigned prefix_bits);

  // A veth pair, one end here and the other in `peer_netns_fd`. Both are down.
  // Errors: EEXIST, EOPNOTSUPP without the veth module.
  Result<> add_veth(const std::string &name, const std::string &peer_name, int peer_netns_fd);

 private:
  struct Close {
    void operator()(nl_sock *socket) const;
  };

  explicit Interfaces(nl_sock *socket) : socket_(socket) {}

  std::unique_ptr<nl_sock, Close> socket_;
};

}  // namespace sklab
