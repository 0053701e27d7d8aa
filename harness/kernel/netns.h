// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Network namespaces that belong to this process alone. They have no name and are held by file
// descriptors, so that they go away with the process however it ends.
#pragma once

#include <sys/types.h>

#include "harness/base/result.h"
#include "harness/base/unique_fd.h"

namespace sklab {

// Identity of a namespace: device and inode of its nsfs file.
struct NetnsId {
  dev_t device = 0;
  ino_t inode = 0;

  bool operator==(const NetnsId &) const = default;
};

Result<NetnsId> netns_id(int netns_fd);

// Moves the process into an empty netns of its own. To be called first in main(), while there is
// one thread: the netns the process was started in is remembered, and never touched again.
// Errors: kUnavailable without CAP_SYS_ADMIN.
Result<> isolate_process();

// Whether this is the netns that the process was started in.
Result<bool> is_starting_netns(int netns_fd);

class Netns {
 public:
  // A new netns with its loopback interface up and fd00::1/128 to fd00::3/128 on it, beside the
  // 127.0.0.0/8 and ::1 that every loopback has. The calling thread stays where it is.
  static Result<Netns> create();

  // From now on every address is one of its loopback's: sockets can be bound to any. No wire can be
  // attached any more.
  [[nodiscard]] Result<> make_every_address_local() const;

  // Borrowed; valid while this object lives.
  [[nodiscard]] int fd() const { return fd_.get(); }

 private:
  explicit Netns(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
};

// The calling thread is in the netns while this lives, and where it was before afterwards.
class [[nodiscard]] ScopedNetns {
 public:
  static Result<ScopedNetns> enter(const Netns &netns);
  ScopedNetns(ScopedNetns &&) noexcept = default;
  ScopedNetns &operator=(ScopedNetns &&) = delete;
  ~ScopedNetns();

 private:
  explicit ScopedNetns(UniqueFd previous) : previous_(std::move(previous)) {}

  UniqueFd previous_;
};

}  // namespace sklab
