// SPDX-License-Identifier: Apache-2.0
// The command line: one table of verbs, one table of options a verb, texts from the catalogue. Answers go to
// standard output (one JSON object with --json), errors to standard error in the reader's language.
#pragma once

#include "base/i18n.h"
#include "base/json.h"

#include <stdio.h>

typedef struct vg_option {
    const char *name;   // "http": --http VALUE; NULL ends the array
    bool flag;          // takes no value
    const char *value;  // name of the value in the help: "ADDR:PORT"
} vg_option;

enum { VG_MAX_OPTIONS = 32, VG_MAX_WORDS = 64 };

typedef struct vg_cli {
    const char *verb;
    const vg_option *options;  // the verb's own; --data, --json, --lang and --help are everybody's
    const char
        *value[VG_MAX_OPTIONS];  // by index in options; "" for a flag given; NULL = not given
    const char *data;
    bool json;
    vg_lang lang;
    int n_words;
    const char *word[VG_MAX_WORDS];  // what is not an option
} vg_cli;

int vg_cli_main(int argc, char **argv);
const char *vg_cli_get(const vg_cli *cli, const char *option);  // NULL when not given
vg_status vg_cli_i64(const vg_cli *cli, const char *option, int64_t min, int64_t max,
                     int64_t missing, int64_t *ret, vg_err *err) VG_USE_RESULT;
vg_status vg_cli_need_data(const vg_cli *cli, vg_err *err) VG_USE_RESULT;
// Prints a catalogue text and a line feed to standard output; args alternate name, value, NULL.
void vg_say_line(const vg_cli *cli, const char *key, const char *const *args);
void vg_say_json(vg_buf *b);  // the buffer and a line feed

typedef struct vg_verb {
    const char *name;  // NULL ends the table
    const vg_option *options;
    const char *words;  // "[add|list]": what stands after the verb, for the help
    vg_status (*run)(const vg_cli *cli, vg_err *err);
} vg_verb;

// cli_help.c: what the program says about itself.
const vg_verb *vg_verb_find(const char *name);  // NULL: there is none
void vg_help_all(vg_lang lang, FILE *out);
void vg_help_verb(const vg_verb *v, vg_lang lang, FILE *out);
void vg_help_json(vg_buf *out);  // every verb and option, in both languages

// One file each: src/app/verb_<name>.c.
#define X(name) extern const vg_verb vg_verb_##name;
#include "app/verbs.def"
#undef X
