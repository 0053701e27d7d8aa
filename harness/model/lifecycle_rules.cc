// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/lifecycle_rules.h"

#include <linux/bpf.h>

#include <cerrno>

#include "harness/model/bind_rules.h"

namespace sklab {
namespace {

// __sock_map_delete, sock_hash_delete_elem.
int erase_mapped(const SocketMapErase &erase) {
  if (erase.occupied) return 0;
  return erase.map == SocketMapKind::kSockmap ? -EINVAL : -ENOENT;
}

// sock_map_close takes it out of all.
bool leaves_its_maps(const OpenSocket & /*socket*/) { return false; }

int query_programs(const ProgramQuery &query) {
  if (query.flags != 0) return -EINVAL;
  return query.room != 0 && query.room < query.count ? -ENOSPC : 0;
}

}  // namespace

bool bind_conflict(const OpenSocket &socket, const OpenSocket &other) {
  if (!conflict(socket.spec, other.spec)) return false;
  return socket.spec.protocol == Protocol::kUdp || other.stage == SocketStage::kListening;
}

// sock_map_sk_state_allowed.
int check_put_stage(const SocketMapPut &put) {
  const SocketStage stage = put.socket->stage;
  const bool udp = put.socket->spec.protocol == Protocol::kUdp;
  const bool allowed = udp ? stage != SocketStage::kFresh
                           : stage == SocketStage::kListening || stage == SocketStage::kConnected;
  return allowed ? 0 : -EOPNOTSUPP;
}

int check_put_flags(const SocketMapPut &put) { return put.flags > BPF_EXIST ? -EINVAL : 0; }

int check_put_key(const SocketMapPut &put) {
  return put.map == SocketMapKind::kSockmap && put.key >= kSockmapEntries ? -E2BIG : 0;
}

int check_put_occupied(const SocketMapPut &put) {
  if (put.flags == BPF_NOEXIST && put.occupied) return -EEXIST;
  return put.flags == BPF_EXIST && !put.occupied ? -ENOENT : 0;
}

int check_put_room(const SocketMapPut &put) {
  const bool full = put.map == SocketMapKind::kSockhash && put.used >= kSockhashEntries;
  return full && !put.occupied ? -E2BIG : 0;
}

const LifecycleRules &kernel_lifecycle_rules() {
  static const LifecycleRules rules = {
      .bind_conflict = bind_conflict,
      // sock_map_update_elem_sys, sock_map_update_common, sock_hash_update_common.
      .put_checks = {check_put_stage, check_put_flags, check_put_key, check_put_occupied,
                     check_put_room},
      .erase = erase_mapped,
      .stays_mapped = leaves_its_maps,
      .query = query_programs,
  };
  return rules;
}

int check_put(const LifecycleRules &rules, const SocketMapPut &put) {
  for (const auto check : rules.put_checks) {
    if (const int error = check(put); error != 0) return error;
  }
  return 0;
}

}  // namespace sklab
