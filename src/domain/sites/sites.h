// SPDX-License-Identifier: Apache-2.0
// Inside of the sites module: handlers and folds by noun, tied together in module.c.
#pragma once

#include "core/register.h"
#include "domain/kit.h"

// What a shift leader decides alone: bypassing and disabling until so long from now. Beyond it two persons
// (core/second.h).
#define SITES_SHORT_US (INT64_C(2) * 3600 * 1000000)
VG_MARK(sites_second_bypass);    // zone.c
VG_MARK(sites_second_disable);   // source.c
VG_MARK(sites_second_move);      // source.c
VG_MARK(sites_second_withdraw);  // source.c
VG_MARK(sites_second_always);    // point.c
// Since when the outage is that one beginning now would go on with; sql tells it of an id, the earliest end of one that
// goes on, and now. And would it be a long one, until args' `until`?
vg_status sites_since(vg_cx *cx, const char *sql, const vg_args *args, int64_t *ret,
                      vg_err *err) VG_USE_RESULT;  // zone.c
vg_status sites_long(vg_cx *cx, const char *sql, const vg_args *args, bool *ret,
                     vg_err *err) VG_USE_RESULT;  // zone.c

// site.c
extern const vg_field sites_site_add_fields[], sites_site_update_fields[];
VG_HANDLER(sites_site_add);
VG_HANDLER(sites_site_update);
VG_FOLDER(sites_on_site_added);
VG_FOLDER(sites_on_site_changed);

// Whose a new thing is: the field "agency" if given, else the caller's agency, else the site's.
vg_status sites_owner(vg_cx *cx, const vg_args *args, const vg_site_ref *site, const char **ret,
                      vg_err *err) VG_USE_RESULT;

// place.c: posts and gates, the nouns that only stand there
extern const vg_field sites_post_add_fields[], sites_post_update_fields[];
extern const vg_field sites_gate_add_fields[], sites_gate_update_fields[];
VG_HANDLER(sites_post_add);
VG_HANDLER(sites_post_update);
VG_HANDLER(sites_gate_add);
VG_HANDLER(sites_gate_update);
VG_FOLDER(sites_on_post_added);
VG_FOLDER(sites_on_post_changed);
VG_FOLDER(sites_on_gate_added);
VG_FOLDER(sites_on_gate_changed);

// fixture.c
extern const vg_field sites_fixture_add_fields[], sites_fixture_update_fields[];
VG_HANDLER(sites_fixture_add);
VG_HANDLER(sites_fixture_update);
VG_FOLDER(sites_on_fixture_added);
VG_FOLDER(sites_on_fixture_changed);

// contact.c
extern const vg_field sites_contact_add_fields[], sites_contact_remove_fields[];
VG_HANDLER(sites_contact_add);
VG_HANDLER(sites_contact_remove);
VG_FOLDER(sites_on_contact_added);
VG_FOLDER(sites_on_contact_removed);

// zone.c
extern const vg_field sites_zone_add_fields[], sites_zone_update_fields[],
    sites_zone_switch_fields[];
extern const vg_field sites_zone_bypass_fields[], sites_due_fields[];
VG_HANDLER(sites_zone_add);
VG_HANDLER(sites_zone_update);
VG_HANDLER(sites_zone_arm);
VG_HANDLER(sites_zone_disarm);
VG_HANDLER(sites_zone_bypass);
VG_HANDLER(sites_zone_unbypass);
VG_HANDLER(sites_zone_bypass_end);
VG_HANDLER(sites_zone_clear);
VG_FOLDER(sites_on_zone_added);
VG_FOLDER(sites_on_zone_changed);
VG_FOLDER(sites_on_zone_armed);
VG_FOLDER(sites_on_zone_disarmed);
VG_FOLDER(sites_on_zone_bypassed);
VG_FOLDER(sites_on_zone_unbypassed);
VG_FOLDER(sites_on_zone_cleared);

// source.c
extern const vg_field sites_source_add_fields[], sites_source_update_fields[],
    sites_source_key_fields[];
extern const vg_field sites_source_disable_fields[], sites_id_fields[];
VG_HANDLER(sites_source_add);
VG_HANDLER(sites_source_update);
VG_HANDLER(sites_source_key);
VG_HANDLER(sites_source_disable);
VG_HANDLER(sites_source_enable);
VG_HANDLER(sites_source_enable_due);
VG_FOLDER(sites_on_source_added);
VG_FOLDER(sites_on_source_changed);
VG_FOLDER(sites_on_source_disabled);
VG_FOLDER(sites_on_source_enabled);

// A source as commands need it.
enum { SITES_PRINT_TEXT = 95 };  // SHA-256 with colons

typedef struct sites_source_ref {
    const char *id, *site, *agency;
    vg_str state, name;
    int32_t label;
    bool disabled;
} sites_source_ref;
vg_status sites_source_at(vg_cx *cx, vg_str id, const char *permission, sites_source_ref *ret,
                          vg_err *err) VG_USE_RESULT;
// What a new source needs, from whichever command: VG_ECONFLICT when its address is taken.
typedef struct sites_new_source {
    const vg_args *args;
    vg_str proto, address;
    const char *waiting;  // id of the waiting row it came from, or ""
} sites_new_source;
vg_status sites_source_make(vg_cx *cx, const sites_new_source *n, vg_err *err) VG_USE_RESULT;

// point.c
extern const vg_field sites_point_add_fields[];
VG_HANDLER(sites_point_add);
VG_HANDLER(sites_point_remove);
VG_FOLDER(sites_on_point_added);
VG_FOLDER(sites_on_point_removed);

// supervise.c: silence and return
extern const vg_field sites_returned_fields[], sites_clock_fields[];
VG_HANDLER(sites_source_silent);
VG_HANDLER(sites_source_returned);
VG_HANDLER(sites_source_clock_off);
VG_HANDLER(sites_source_clock_right);
VG_FOLDER(sites_on_source_silent);
VG_FOLDER(sites_on_source_returned);
VG_FOLDER(sites_on_source_clock_off);
VG_FOLDER(sites_on_source_clock_right);

// load.c: the register the ingest side believes devices by
vg_status sites_load_sources(vg_core *core, vg_db *db, vg_arena *a, vg_source **ret, size_t *ret_n,
                             vg_err *err) VG_USE_RESULT;

// signal.c
VG_FOLDER(sites_on_signal);
bool sites_is_trouble(vg_str kind);

// hours.c: how much a place reports, hour by hour
vg_status sites_count_raise(vg_apply *ap, const vg_event *e, vg_str zone, vg_str kind,
                            vg_err *err) VG_USE_RESULT;
vg_status sites_count_restore(vg_apply *ap, const vg_event *e, const char *condition,
                              vg_err *err) VG_USE_RESULT;
const char *sites_signal_weight(vg_str body);

// waiting.c
extern const vg_field sites_waiting_accept_fields[], sites_waiting_dismiss_fields[];
VG_HANDLER(sites_waiting_accept);
VG_HANDLER(sites_waiting_dismiss);
VG_FOLDER(sites_on_unknown_signal);
VG_FOLDER(sites_on_waiting_accepted);
VG_FOLDER(sites_on_waiting_dismissed);

// drawing.c: floors and their pictures
extern const vg_field sites_drawing_add_fields[], sites_drawing_remove_fields[],
    sites_drawing_picture_fields[];
VG_HANDLER(sites_drawing_add);
VG_HANDLER(sites_drawing_picture);
VG_HANDLER(sites_drawing_remove);
VG_FOLDER(sites_on_drawing_added);
VG_FOLDER(sites_on_picture_changed);
VG_FOLDER(sites_on_drawing_removed);

// drawing_save.c: what is drawn, and which zones are neighbours by it
extern const vg_field sites_plan_save_fields[];
VG_HANDLER(sites_plan_save);
VG_FOLDER(sites_on_plan_drawn);
VG_FOLDER(sites_on_drawing_changed);
VG_FOLDER(sites_on_graph_drawn);

// drawing_read.c
vg_status sites_drawing_content(vg_read *rd, const vg_args *args, vg_err *err);
vg_status sites_plan(vg_read *rd, const vg_args *args, vg_err *err);
// device.c
vg_status sites_device_setup(vg_read *rd, const vg_args *args, vg_err *err);

// drawing_map.c: where a site is
extern const vg_field sites_site_place_fields[];
VG_HANDLER(sites_site_place);
VG_FOLDER(sites_on_site_placed);

// resources.c
extern const vg_resource sites_resources[];

// imports.c
extern const vg_import sites_imports[];
VG_HANDLER(sites_site_withdraw);
VG_HANDLER(sites_source_withdraw);
VG_FOLDER(sites_on_site_withdrawn);
VG_FOLDER(sites_on_source_withdrawn);
