#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
exec "$SRC/sklab/scripts/oss_fuzz_build"
