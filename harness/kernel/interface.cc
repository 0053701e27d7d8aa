// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/interface.h"

#include <linux/if_addr.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netlink/errno.h>
#include <netlink/netlink.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/link/veth.h>
#include <netlink/socket.h>

#include <cerrno>

namespace sklab {
namespace {

// libnl has error codes of its own; these are the ones that have a meaning for our callers.
int errno_of(int libnl_error) {
  switch (-libnl_error) {
    case NLE_EXIST:
      return EEXIST;
    case NLE_NODEV:
      return ENODEV;
    case NLE_OPNOTSUPP:
      return EOPNOTSUPP;
    case NLE_PERM:
      return EPERM;
    case NLE_NOADDR:
      return EADDRNOTAVAIL;
    default:
      return EIO;
  }
}

Result<> check(int libnl_error, const char *operation, const std::string &object) {
  if (libnl_error >= 0) return Ok{};
  return fail(operation, object, errno_of(libnl_error), nl_geterror(libnl_error));
}

template <auto put>
struct Put {
  template <typename T>
  void operator()(T *object) const {
    put(object);
  }
};
using Link = std::unique_ptr<rtnl_link, Put<rtnl_link_put>>;
using Address = std::unique_ptr<rtnl_addr, Put<rtnl_addr_put>>;
using NlAddress = std::unique_ptr<nl_addr, Put<nl_addr_put>>;

// By the socket, and not if_nametoindex: the thread may be in another netns by now.
Result<Link> find_link(nl_sock *socket, const std::string &name) {
  rtnl_link *found = nullptr;
  SKLAB_CHECK(check(rtnl_link_get_kernel(socket, 0, name.c_str(), &found), "find interface", name));
  return Link(found);
}

}  // namespace

void Interfaces::Close::operator()(nl_sock *socket) const { nl_socket_free(socket); }

Result<Interfaces> Interfaces::open() {
  Interfaces interfaces(nl_socket_alloc());
  if (!interfaces.socket_) return fail("allocate", "netlink socket", ENOMEM);
  SKLAB_CHECK(
      check(nl_connect(interfaces.socket_.get(), NETLINK_ROUTE), "connect", "netlink socket"));
  return interfaces;
}

Result<> Interfaces::set_up(const std::string &name) {
  SKLAB_TRY(const Link link, find_link(socket_.get(), name));
  const Link change(rtnl_link_alloc());
  rtnl_link_set_flags(change.get(), IFF_UP);
  return check(rtnl_link_change(socket_.get(), link.get(), change.get(), 0), "set interface up",
               name);
}

Result<> Interfaces::add_address(const std::string &name, const IpAddress &address,
                                 unsigned prefix_bits) {
  SKLAB_TRY(const Link link, find_link(socket_.get(), name));
  const bool ipv4 = address.family == Family::kIpv4;
  const NlAddress local(
      nl_addr_build(ipv4 ? AF_INET : AF_INET6, address.bytes.data(), ipv4 ? 4 : 16));
  nl_addr_set_prefixlen(local.get(), static_cast<int>(prefix_bits));
  const Address request(rtnl_addr_alloc());
  rtnl_addr_set_ifindex(request.get(), rtnl_link_get_ifindex(link.get()));
  rtnl_addr_set_local(request.get(), local.get());
  if (!ipv4) {
    // Nobody else is in a prefix of one address: only the local route is wanted then, so that
    // whoever finds a route finds the right one.
    const unsigned no_prefix_route = prefix_bits == 128 ? IFA_F_NOPREFIXROUTE : 0;
    rtnl_addr_set_flags(request.get(), IFA_F_NODAD | no_prefix_route);
  }
  return check(rtnl_addr_add(socket_.get(), request.get(), 0), "add address to", name);
}

Result<> Interfaces::add_veth(const std::string &name, const std::string &peer_name,
                              int peer_netns_fd) {
  const Link link(rtnl_link_veth_alloc());
  if (!link) return fail("allocate", "veth", ENOMEM);
  // Borrowed from `link`: rtnl_link_veth_get_peer takes a reference that has to be given back.
  const Link peer(rtnl_link_veth_get_peer(link.get()));
  rtnl_link_set_name(link.get(), name.c_str());
  rtnl_link_set_name(peer.get(), peer_name.c_str());
  rtnl_link_set_ns_fd(peer.get(), peer_netns_fd);
  return check(rtnl_link_add(socket_.get(), link.get(), NLM_F_CREATE | NLM_F_EXCL), "create veth",
               name);
}

}  // namespace sklab
