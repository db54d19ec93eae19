// SPDX-License-Identifier: Apache-2.0
// The devices of the demonstration as DATA/demo-devices.json has them, plus one that stands in no register:
// what a real line hears now and then. Keys stay in memory only while the simulator runs.
#include "app/simulate.h"

#include "base/json.h"

#include <sodium.h>
#include <unistd.h>

enum { FILE_MAX_BYTES = 1 << 20 };

static const char *text_of(const json_t *o, const char *key)
{
    const char *s = json_string_value(json_object_get(o, key));
    return s ? s : "";
}

#define COPY(field, o, key) snprintf((field), sizeof(field), "%s", text_of(o, key))

static sim_transport transport_of(const char *name)
{
    return strcmp(name, "udp") == 0 ? SIM_UDP : strcmp(name, "http") == 0 ? SIM_HTTP : SIM_TCP;
}

static sim_speech speech_of(const char *proto)
{
    return strcmp(proto, "webhook") == 0     ? SIM_HOOK
           : strcmp(proto, "hikvision") == 0 ? SIM_HIKVISION
           : strcmp(proto, "zkteco") == 0    ? SIM_ZKTECO
                                             : SIM_DC09;
}

static void read_points(sim_device *d, const json_t *points)
{
    const size_t n = json_array_size(points);
    for (size_t i = 0; i < n && d->n_points < SIM_MAX_POINTS; i++) {
        const json_t *o = json_array_get(points, i);
        sim_point *p = &d->points[d->n_points++];
        COPY(p->number, o, "number");
        COPY(p->kind, o, "kind");
        COPY(p->text, o, "text");
    }
}

static vg_status read_device(sim_device *d, const json_t *o, vg_err *err)
{
    const vg_str key = vg_str_c(text_of(o, "key"));
    COPY(d->name, o, "name");
    COPY(d->id, o, "id");
    COPY(d->site, o, "site");
    COPY(d->title, o, "title");
    COPY(d->address, o, "address");
    COPY(d->role, o, "role");
    d->transport = transport_of(text_of(o, "transport"));
    d->speech = speech_of(text_of(o, "proto"));
    d->keep = json_is_true(json_object_get(o, "keep"));
    d->cid = strcmp(text_of(o, "form"), "cid") == 0;
    const json_int_t poll_s = json_integer_value(json_object_get(o, "poll_s"));
    d->poll_s = poll_s > 0 && poll_s <= 86400 ? (int)poll_s : 0;
    d->key_len = key.n / 2;
    if (d->key_len > sizeof d->key || !vg_unhex(key, d->key, d->key_len) || !d->name[0] ||
        !d->address[0]) {
        return vg_fail(err, VG_ECORRUPT, "data", "simulate.devices", "%s", d->name);
    }
    read_points(d, json_object_get(o, "points"));
    return VG_OK;
}

static void add_stranger(sim_fleet *f)
{
    if (f->n < SIM_MAX_DEVICES) {
        sim_device *d = &f->v[f->n++];
        *d = (sim_device){.name = "stranger",
                          .address = "9F3C",
                          .role = "stranger",
                          .transport = SIM_TCP,
                          .fd = -1};
    }
}

static vg_status read_file(const char *path, vg_buf *b, vg_err *err)
{
    char part[8192];
    FILE *file = fopen(path, "re");
    if (!file) {
        return vg_fail(err, VG_ENOTFOUND, "data", "simulate.no_devices", "%s", path);
    }
    for (size_t n; (n = fread(part, 1, sizeof part, file)) > 0;) {
        vg_buf_add(b, part, n);
    }
    fclose(file);
    sodium_memzero(part, sizeof part);
    return b->failed ? vg_fail(err, VG_ETOOBIG, "data", NULL, "%s", path) : VG_OK;
}

static vg_status read_tree(sim_fleet *f, const json_t *tree, vg_err *err)
{
    const json_t *all = json_object_get(tree, "devices");
    for (size_t i = 0; i < json_array_size(all) && f->n < SIM_MAX_DEVICES - 1; i++) {
        sim_device *d = &f->v[f->n];
        d->fd = -1;
        VG_TRY(read_device(d, json_array_get(all, i), err));
        f->n++;
    }
    add_stranger(f);
    return VG_OK;
}

vg_status sim_fleet_load(const char *dir, sim_fleet *f, vg_err *err)
{
    char path[440];
    vg_buf text;
    json_t *tree = NULL;
    memset(f, 0, sizeof *f);
    snprintf(path, sizeof path, "%s/demo-devices.json", dir);
    vg_buf_init(&text, FILE_MAX_BYTES);
    vg_status st = read_file(path, &text, err);
    st = st == VG_OK ? vg_json_parse(vg_buf_str(&text), FILE_MAX_BYTES, &tree, err) : st;
    st = st == VG_OK ? read_tree(f, tree, err) : st;
    if (text.p) {
        sodium_memzero(text.p, text.n);
    }
    vg_buf_done(&text);
    json_decref(tree);
    return st;
}

void sim_fleet_done(sim_fleet *f)
{
    for (size_t i = 0; i < f->n; i++) {
        if (f->v[i].fd >= 0) {
            close(f->v[i].fd);
        }
    }
    sodium_memzero(f, sizeof *f);
}

void sim_fleet_mute(sim_fleet *f, sim_speech speech)
{
    for (size_t i = 0; i < f->n; i++) {
        if (f->v[i].speech == speech) {
            f->v[i].poll_s = 0;
            f->v[i].silent_us = INT64_MAX;
        }
    }
}

int sim_fleet_find(const sim_fleet *f, const char *name)
{
    for (int i = 0; i < f->n; i++) {
        if (strcmp(f->v[i].name, name) == 0) {
            return i;
        }
    }
    return -1;
}
