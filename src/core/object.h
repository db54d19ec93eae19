// SPDX-License-Identifier: Apache-2.0
// Pictures that came with events, as files: DATA/objects/ab/abcdef…, named by a keyed hash of their bytes, so that a
// name says nothing to who has no key of this node, and the same picture is one file. For one picture it can be
// proven to others that it is the one an event names (vg_object_proof), which says nothing of any other. An event names the picture;
// the file goes when the time it is kept for is over, the event stays. Not journaled, not personal registers, never
// faces: who puts a picture here answers for what it shows.
#pragma once

#include "base/str.h"

typedef struct vg_objects vg_objects;

enum { VG_OBJECT_NAME = 41, VG_OBJECT_BYTES = 8 << 20 };

typedef struct vg_objects_limits {  // 0 gives the default in brackets
    int64_t bytes, count;           // [10 GiB, 200,000] of the whole store
    int64_t object_bytes;           // [VG_OBJECT_BYTES]
} vg_objects_limits;

typedef struct vg_objects_stats {
    int64_t bytes, count, stored, refused, swept;
} vg_objects_stats;

// Makes the folder (0700) and removes what a crash left unfinished.
vg_status vg_objects_open(const char *dir, const unsigned char key[32],
                          const vg_objects_limits *limits, vg_objects **ret,
                          vg_err *err) VG_USE_RESULT;
void vg_objects_close(vg_objects *o);  // NULL is fine
// Any thread. On disk when it returns, or not there at all. The same bytes again only move keep_until later. Errors:
// VG_ETOOBIG, VG_EFULL (the store's caps, or the disk), VG_EIO.
vg_status vg_object_put(vg_objects *o, vg_str bytes, int64_t keep_until_us,
                        char ret_name[VG_OBJECT_NAME], vg_err *err) VG_USE_RESULT;
// Any thread. VG_EINVALID: not a name; VG_EGONE: its time is over, or it never was.
vg_status vg_object_get(vg_objects *o, vg_str name, vg_buf *ret, vg_err *err) VG_USE_RESULT;
// The same beside a running node; dir is the folder "objects" of its data.
vg_status vg_object_read(const char *dir, vg_str name, vg_buf *ret, vg_err *err) VG_USE_RESULT;
// name = H(H(bytes) under proof), proof = H(H(bytes) under the node's key for objects): whoever is shown the proof of
// a picture can name it and nothing else.
void vg_object_proof(const unsigned char key[32], vg_str bytes, unsigned char out[32]);
void vg_object_name(vg_str bytes, const unsigned char proof[32], char ret[VG_OBJECT_NAME]);
// Deletes what is over in one of the 256 folders and counts the rest; the next call takes the next. One thread.
void vg_objects_sweep(vg_objects *o, int64_t now_us);
// From now on nothing stays longer than this after it came last, whatever it was given; 0: no such bound. Any thread.
void vg_objects_keep_at_most(vg_objects *o, int64_t seconds);
void vg_objects_figures(vg_objects *o, vg_objects_stats *ret);  // any thread
