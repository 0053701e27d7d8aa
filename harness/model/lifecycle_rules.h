// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What system calls about sockets and the maps that hold them return, and what becomes of a mapped
// socket: net/core/sock_map.c, udp_lib_get_port, inet_csk_get_port, __netns_bpf_prog_query.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "harness/model/scenario.h"

namespace sklab {

enum class SocketStage : uint8_t { kFresh, kBound, kListening, kConnected };

struct OpenSocket {
  SocketSpec spec;
  SocketStage stage = SocketStage::kFresh;
};

enum class SocketMapKind : uint8_t { kSockmap, kSockhash };

// Entries of the maps that sequences use: few, so that both limits are met.
inline constexpr uint32_t kSockmapEntries = 4;
inline constexpr uint32_t kSockhashEntries = 2;

// bpf_map_update_elem of a socket.
struct SocketMapPut {
  SocketMapKind map = SocketMapKind::kSockmap;
  uint32_t key = 0;
  uint64_t flags = 0;
  const OpenSocket *socket = nullptr;
  bool occupied = false;  // the key has a socket
  size_t used = 0;        // keys that have one
};

struct SocketMapErase {
  SocketMapKind map = SocketMapKind::kSockmap;
  bool occupied = false;
};

struct ProgramQuery {
  uint32_t flags = 0;
  size_t room = 0;   // ids that the caller has memory for
  size_t count = 0;  // programs that are attached
};

struct LifecycleRules {
  // Whether bind() of the first, or listen() on it, is refused because of the second (EADDRINUSE).
  bool (*bind_conflict)(const OpenSocket &socket, const OpenSocket &other);
  // The checks of an insertion in their order, each 0 or a negative errno.
  using PutCheck = int (*)(const SocketMapPut &put);
  std::vector<PutCheck> put_checks;
  // Some kernels take UDP sockets that are not bound into a map: what becomes of these, no rule
  // says.
  bool refuses_fresh_udp = true;
  int (*erase)(const SocketMapErase &erase);
  // Whether a socket is still in its maps when it was closed.
  bool (*stays_mapped)(const OpenSocket &socket);
  int (*query)(const ProgramQuery &query);
};

// Conflicts count between listeners only, where both have SO_REUSEADDR: all TCP sockets of sklab.
bool bind_conflict(const OpenSocket &socket, const OpenSocket &other);

int check_put_stage(const SocketMapPut &put);
int check_put_flags(const SocketMapPut &put);
int check_put_key(const SocketMapPut &put);
int check_put_occupied(const SocketMapPut &put);
int check_put_room(const SocketMapPut &put);

const LifecycleRules &kernel_lifecycle_rules();

// What an insertion returns: the first error, in the order of the rules.
int check_put(const LifecycleRules &rules, const SocketMapPut &put);

}  // namespace sklab
