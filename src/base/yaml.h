// SPDX-License-Identifier: Apache-2.0
// Reading YAML by tables: a mapping is a list of (key, reader); anything else in it is an error that
// names file and line and, where one is near, the word that was probably meant. Limits: 1 MiB, 4,096
// documents, depth 16, 512 keys a mapping; aliases, tags and keys that stand twice are refused.
#pragma once

#include "base/str.h"

#include <yaml.h>

typedef struct vg_yaml_file {
    yaml_document_t *doc;
    const char *name;  // for error messages
    vg_arena *arena;   // texts that outlive the document
} vg_yaml_file;

typedef struct vg_yaml_field {
    const char *key;
    vg_status (*read)(vg_yaml_file *f, const yaml_node_t *n, void *into, vg_err *err);
} vg_yaml_field;

enum { VG_YAML_BYTES = 1 << 20, VG_YAML_FIELDS = 32, VG_YAML_LIST = 256 };

typedef struct vg_yaml_reader {
    vg_arena *arena;  // for texts that outlive the file
    vg_status (*document)(vg_yaml_file *f, const yaml_node_t *root, void *into, vg_err *err);
    void *into;
} vg_yaml_reader;
// Calls the reader for each document that is not empty. Errors: VG_EINVALID with "name:line" in the detail,
// VG_ETOOBIG; and what the reader gives.
vg_status vg_yaml_read(const char *name, vg_str text, const vg_yaml_reader *reader,
                       vg_err *err) VG_USE_RESULT;

// Calls the readers in the order of the file. ret_seen has a bit per field that stood there.
vg_status vg_yaml_map(vg_yaml_file *f, const yaml_node_t *n, const vg_yaml_field *fields,
                      size_t n_fields, void *into, uint32_t *ret_seen, vg_err *err) VG_USE_RESULT;
vg_status vg_yaml_text(vg_yaml_file *f, const yaml_node_t *n, size_t max_bytes, const char **ret,
                       vg_err *err) VG_USE_RESULT;
// A scalar, or a list of scalars; at least one.
vg_status vg_yaml_texts(vg_yaml_file *f, const yaml_node_t *n, size_t max, const char ***ret_v,
                        size_t *ret_n, vg_err *err) VG_USE_RESULT;
vg_status vg_yaml_bool(vg_yaml_file *f, const yaml_node_t *n, bool *ret, vg_err *err) VG_USE_RESULT;
vg_status vg_yaml_uint(vg_yaml_file *f, const yaml_node_t *n, uint32_t min, uint32_t max,
                       uint32_t *ret, vg_err *err) VG_USE_RESULT;
// A plain decimal such as 2.5.
vg_status vg_yaml_decimal(vg_yaml_file *f, const yaml_node_t *n, double min, double max,
                          double *ret, vg_err *err) VG_USE_RESULT;
vg_status vg_yaml_span(vg_yaml_file *f, const yaml_node_t *n, int64_t *ret_us,
                       vg_err *err) VG_USE_RESULT;
// The index of the word in words.
vg_status vg_yaml_word(vg_yaml_file *f, const yaml_node_t *n, const char *const *words,
                       size_t n_words, uint32_t *ret, vg_err *err) VG_USE_RESULT;
// The same for a word already read.
vg_status vg_yaml_one_of(const char *file, size_t line, const char *word, const char *const *words,
                         size_t n_words, uint32_t *ret, vg_err *err) VG_USE_RESULT;

size_t vg_yaml_line(const yaml_node_t *n);
vg_status vg_yaml_fail(const vg_yaml_file *f, const yaml_node_t *n, const char *field,
                       const char *key,
                       vg_err *err);  // EINVALID with file:line
// Calls read for every item of a list.
vg_status vg_yaml_each(vg_yaml_file *f, const yaml_node_t *n, size_t max,
                       vg_status (*read)(vg_yaml_file *f, const yaml_node_t *n, void *into,
                                         vg_err *err),
                       void *into, vg_err *err) VG_USE_RESULT;
// VG_EINVALID naming the first field of missing (a bit per field, need & ~seen).
vg_status vg_yaml_keys(const vg_yaml_file *f, const yaml_node_t *n, const vg_yaml_field *fields,
                       uint32_t missing, vg_err *err) VG_USE_RESULT;
