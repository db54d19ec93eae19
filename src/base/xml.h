// SPDX-License-Identifier: Apache-2.0
// XML from outside as a small tree in an arena (expat). No document type, so no entities but the five built in,
// nothing fetched, nothing expanded: the first byte of a DOCTYPE ends the reading. Names are local names; the
// namespace stands beside. An element has children or text: text beside children is dropped, for what is read
// here is data. Comments and processing instructions are dropped.
#pragma once

#include "base/str.h"

typedef struct vg_xml_attr {
    vg_str ns, name, value;
} vg_xml_attr;

typedef struct vg_xml {
    vg_str ns, name, text;  // text as it stood, blanks and all; "" when there are children
    const vg_xml_attr *attrs;
    size_t n_attrs;
    const struct vg_xml *child, *next;
} vg_xml;

typedef struct vg_xml_limits {  // 0 gives the default in brackets
    size_t bytes;               // [1 MiB]
    unsigned nodes;             // elements and attributes [8,192]
    unsigned depth;             // [32]
    unsigned attrs;             // of one element [32]
} vg_xml_limits;

// text is UTF-8 unless its own declaration says UTF-16, ISO-8859-1 or US-ASCII; the tree is UTF-8. limits may
// be NULL. Errors: VG_EINVALID (err.xml with line:column; err.xml_doctype), VG_ETOOBIG (a limit, or the arena).
vg_status vg_xml_parse(vg_arena *a, vg_str text, const vg_xml_limits *limits, const vg_xml **ret,
                       vg_err *err) VG_USE_RESULT;

// The first child, or the next brother, of that local name in any namespace; NULL. n may be NULL.
const vg_xml *vg_xml_child(const vg_xml *n, const char *name);
const vg_xml *vg_xml_next(const vg_xml *n, const char *name);
const vg_xml *vg_xml_at(const vg_xml *n, const char *path);  // "info/area": first of each
vg_str vg_xml_text(const vg_xml *n, const char *path);       // trimmed; "" when missing
vg_str vg_xml_attr_of(const vg_xml *n, const char *name);    // "" when missing
