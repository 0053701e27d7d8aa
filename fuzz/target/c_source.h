// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Stand-alone C programs that show a finding without sklab. What they have in common are the
// headers in fuzz/target/c, which generated code includes; here one file is made of both.
#pragma once

#include <string>
#include <string_view>

namespace sklab {

// A program of one file that needs libbpf only: as its head a comment of `about`, how to build and
// run it, and its exit codes; the headers of <...> that anything of it includes, in the order in
// which they are met; each header of fuzz/target/c that `code` includes, or that one of those does,
// once; then `code`. Includes of other files are left in it, and will not compile.
std::string stand_alone_c(std::string_view about, std::string_view code);

// A string literal.
std::string c_string(std::string_view text);

// What a system call or helper returned: "0", "-EEXIST", a number that is no error as it is.
std::string c_result(int result);

// A comment in which `text` stands as it is, but for what would end it. Ends with a newline.
std::string c_comment(std::string_view text);

}  // namespace sklab
