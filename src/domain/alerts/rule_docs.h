// SPDX-License-Identifier: Apache-2.0
// A rule file as the run of documents it is, by lines: enough to take one out or to copy one, and no more.
#pragma once

#include "base/str.h"

// The next document from *at on: false at the end. ret is its text without the line that parts it from the next;
// ret_name what its `name:` says, or nothing.
bool alerts_doc_next(vg_str text, size_t *at, vg_str *ret, vg_str *ret_name);
// The document of that name; false: there is none.
bool alerts_doc_find(vg_str text, vg_str name, vg_str *ret);
// Makes empty lines of a document (which lies in text), so that the other lines keep their numbers.
void alerts_doc_blank(char *text, vg_str doc);
// Without the comments and empty lines before it and the empty ones after it.
vg_str alerts_doc_trim(vg_str doc);
