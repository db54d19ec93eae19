// SPDX-License-Identifier: Apache-2.0
// Anchors: 32 bytes over where every log of a node stands, signed, kept by others. The node notes which positions went into
// each; whoever rewrites, shortens or seals anew what lies before cannot make the same 32 bytes of it again, whatever keys he
// holds. A card is one line of text that says nothing but that: no number, no name, no site.
//   vonggac-anchor 1 KEY DIGEST TIME SIGNATURE      (hex; microseconds)
#pragma once

#include "core/module.h"

enum { VG_ANCHOR_TEXT = 320 };

typedef struct vg_anchor {
    unsigned char key[32], digest[VG_HASH_BYTES], signature[64];
    int64_t at_us;
} vg_anchor;

// False: not such a line, or its key did not sign it. Blanks around it are passed over.
bool vg_anchor_read(vg_str line, vg_anchor *ret);

// --- what the 32 bytes are made of (anchor_tree.c) -------------------------------------------------
// That one log stood at one event, whose hash is that. Says nothing of the others.
enum { VG_ANCHOR_DEPTH = 16 };
typedef struct vg_anchor_proof {
    uint32_t log;
    int64_t seq;
    unsigned char hash[VG_HASH_BYTES], salt[VG_HASH_BYTES], path[VG_ANCHOR_DEPTH][VG_HASH_BYTES];
} vg_anchor_proof;
// The 32 bytes that it leads to. log: from 1.
void vg_anchor_root(const vg_anchor_proof *p, unsigned char ret[VG_HASH_BYTES]);

// Of a note ("[12,0,7]", its salt) and the journal; owned. VG_ECORRUPT: not such a note.
typedef struct vg_anchor_tree vg_anchor_tree;
vg_status vg_anchor_tree_of(vg_db *db, vg_str heads, vg_str salt, vg_anchor_tree **ret,
                            vg_err *err) VG_USE_RESULT;
void vg_anchor_tree_done(vg_anchor_tree *t);
// False: the journal lacks an event that it names.
bool vg_anchor_tree_root(const vg_anchor_tree *t, unsigned char ret[VG_HASH_BYTES]);
// False: there was no such log.
bool vg_anchor_prove(const vg_anchor_tree *t, uint32_t log, vg_anchor_proof *ret);

typedef struct vg_anchor_report {
    int64_t cards, others;  // of ours that hold; of other nodes, passed over
    const char *why;        // catalogue key of the first that does not
} vg_anchor_report;
// What others kept, one card a line, held against the journal (which verify has proven). key: this node's present sealing
// key. VG_ECORRUPT: a card does not hold; VG_ENOTFOUND: none of ours in the file.
vg_status vg_anchor_compare(vg_db *db, const unsigned char key[32], const char *path,
                            vg_anchor_report *ret, vg_err *err) VG_USE_RESULT;

// Commands: core.anchor makes a card of this node, core.anchor_keep keeps another's (its key is remembered under the name at
// the first one: another key needs new_key).
extern const vg_field vg_anchor_keep_fields[];
vg_status vg_anchor_run(vg_cx *cx, const vg_args *args, vg_err *err);
vg_status vg_anchor_keep_run(vg_cx *cx, const vg_args *args, vg_err *err);
