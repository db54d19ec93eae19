// SPDX-License-Identifier: Apache-2.0
// Reading YAML by tables: a mapping is a list of (key, reader); anything else in it is an error that
// names file and line and, where one is near, the word that was probably meant.
#pragma once

#include "base/str.h"

#include <yaml.h>

typedef struct yaml_file {
    yaml_document_t *doc;
    const char *name;  // for error messages
    vg_arena *arena;   // texts that outlive the document
} yaml_file;

typedef struct yaml_field {
    const char *key;
    vg_status (*read)(yaml_file *f, const yaml_node_t *n, void *into, vg_err *err);
} yaml_field;

enum { YAML_FIELDS_MAX = 32, YAML_LIST_MAX = 256 };

// Calls the readers in the order of the file. ret_seen has a bit per field that stood there.
vg_status yaml_map(yaml_file *f, const yaml_node_t *n, const yaml_field *fields, size_t n_fields,
                   void *into, uint32_t *ret_seen, vg_err *err) VG_USE_RESULT;
vg_status yaml_text(yaml_file *f, const yaml_node_t *n, size_t max_bytes, const char **ret,
                    vg_err *err) VG_USE_RESULT;
// A scalar, or a list of scalars; at least one.
vg_status yaml_texts(yaml_file *f, const yaml_node_t *n, size_t max, const char ***ret_v,
                     size_t *ret_n, vg_err *err) VG_USE_RESULT;
vg_status yaml_bool(yaml_file *f, const yaml_node_t *n, bool *ret, vg_err *err) VG_USE_RESULT;
vg_status yaml_uint(yaml_file *f, const yaml_node_t *n, uint32_t min, uint32_t max, uint32_t *ret,
                    vg_err *err) VG_USE_RESULT;
vg_status yaml_span(yaml_file *f, const yaml_node_t *n, int64_t *ret_us, vg_err *err) VG_USE_RESULT;
// The index of the word in words.
vg_status yaml_word(yaml_file *f, const yaml_node_t *n, const char *const *words, size_t n_words,
                    uint32_t *ret, vg_err *err) VG_USE_RESULT;
// The same for a word already read.
vg_status yaml_one_of(const char *file, size_t line, const char *word, const char *const *words,
                      size_t n_words, uint32_t *ret, vg_err *err) VG_USE_RESULT;

size_t yaml_line(const yaml_node_t *n);
vg_status yaml_fail(const yaml_file *f, const yaml_node_t *n, const char *field, const char *key,
                    vg_err *err);  // EINVALID with file:line
