// SPDX-License-Identifier: Apache-2.0
// From a checked tree to the few things a desk needs, and from there to one signal. An exercise is marked as
// an authorised test and raises nothing real; a message is known again by identifier, sender and sent, which
// is what the standard's references are made of. Signatures are not verified: who may send is decided by how
// the message came in.
#include "ingest/cap/cap.h"

static const unsigned WANTED =
    CAP_GEO | CAP_MET | CAP_SAFETY | CAP_SECURITY | CAP_RESCUE | CAP_FIRE;

static void read_info(const vg_xml *n, vg_cap_info *ret)
{
    *ret = (vg_cap_info){.language = vg_xml_text(n, "language"),
                         .event = vg_xml_text(n, "event"),
                         .headline = vg_xml_text(n, "headline"),
                         .area = vg_xml_text(n, "area/areaDesc"),
                         .urgency = cap_place("urgency", vg_xml_text(n, "urgency")),
                         .severity = cap_place("severity", vg_xml_text(n, "severity")),
                         .certainty = cap_place("certainty", vg_xml_text(n, "certainty"))};
    for (const vg_xml *c = vg_xml_child(n, "category"); c; c = vg_xml_next(c, "category")) {
        ret->categories |= 1U << cap_place("category", vg_str_trim(c->text));
    }
    (void)cap_time(vg_xml_text(n, "expires"), &ret->expires_us);
}

vg_status cap_of_tree(const vg_xml *root, vg_cap *ret, vg_err *err)
{
    VG_TRY(cap_check(root, err));
    *ret = (vg_cap){.identifier = vg_xml_text(root, "identifier"),
                    .sender = vg_xml_text(root, "sender"),
                    .references = vg_xml_text(root, "references"),
                    .addresses = vg_xml_text(root, "addresses"),
                    .status = (vg_cap_status)cap_place("status", vg_xml_text(root, "status")),
                    .type = (vg_cap_type)cap_place("msgType", vg_xml_text(root, "msgType")),
                    .scope = (vg_cap_scope)cap_place("scope", vg_xml_text(root, "scope"))};
    (void)cap_time(vg_xml_text(root, "sent"), &ret->sent_us);
    for (const vg_xml *n = vg_xml_child(root, "info"); n && ret->n_info < VG_CAP_INFOS_MAX;
         n = vg_xml_next(n, "info")) {
        read_info(n, &ret->info[ret->n_info++]);
    }
    return VG_OK;
}

vg_status vg_cap_read(vg_arena *a, vg_str xml, vg_cap *ret, vg_err *err)
{
    const vg_xml *root = NULL;
    VG_TRY(
        vg_xml_parse(a, xml, &(vg_xml_limits){.bytes = VG_CAP_BYTES_MAX, .depth = 24}, &root, err));
    return cap_of_tree(root, ret, err);
}

// --- a signal -----------------------------------------------------------------------------------
static int rank_of(const vg_cap_info *i)
{
    const int language = vg_str_starts(i->language, "vi")                         ? 2
                         : i->language.n == 0 || vg_str_starts(i->language, "en") ? 1
                                                                                  : 0;
    return i->categories & WANTED ? 1 + language : 0;
}

static const vg_cap_info *best(const vg_cap *c)
{
    const vg_cap_info *found = NULL;
    for (size_t i = 0; i < c->n_info; i++) {
        if (rank_of(&c->info[i]) > (found ? rank_of(found) : 0)) {
            found = &c->info[i];
        }
    }
    return found;
}

// The identifier of what this message is about: its own, or that of the first it refers to. One point a
// message chain, so that an update is no second condition and a cancel ends the first.
static vg_str chain_of(const vg_cap *c)
{
    if (c->type == CAP_ALERT) {
        return c->identifier;
    }
    const char *from = memchr(c->references.p, ',', c->references.n);
    const char *end = c->references.p + c->references.n;
    const char *to = from ? memchr(from + 1, ',', (size_t)(end - from - 1)) : NULL;
    return from && to ? (vg_str){from + 1, (size_t)(to - from - 1)} : c->identifier;
}

bool vg_cap_signal(const vg_cap *c, int64_t now_us, vg_signal *ret)
{
    char chain[33];
    const vg_cap_info *i = best(c);
    const bool ends = c->type == CAP_CANCEL || (i && i->expires_us && i->expires_us <= now_us);
    if ((c->type != CAP_ALERT && c->type != CAP_UPDATE && c->type != CAP_CANCEL) ||
        c->status == CAP_DRAFT || c->status == CAP_SYSTEM || (!i && c->type != CAP_CANCEL)) {
        return false;
    }
    *ret = (vg_signal){.verb = c->status == CAP_TEST ? VG_SIG_TEST
                               : ends                ? VG_SIG_RESTORE
                                                     : VG_SIG_RAISE,
                       .flags = c->status == CAP_EXERCISE ? VG_SIG_PURPOSE_TEST : 0,
                       .captured_us = c->sent_us,
                       .received_us = now_us,
                       .source_seq = -1};
    memcpy(ret->proto, "cap", 4);
    snprintf(ret->kind, sizeof ret->kind, "public_warning");
    const vg_str about = chain_of(c);
    unsigned char hash[VG_HASH_BYTES];
    vg_hash(about.p, about.n, hash);
    vg_hex(hash, 16, chain);
    snprintf(ret->point, sizeof ret->point, "%.12s", chain);
    if (i) {
        const vg_str says = i->headline.n ? i->headline : i->event;
        size_t n = says.n < sizeof ret->text ? says.n : sizeof ret->text - 1;
        while (n > 0 && n < says.n && (says.p[n] & 0xC0) == 0x80) {
            n--;  // not within a letter
        }
        memcpy(ret->text, says.p, n);
    }
    return true;
}
