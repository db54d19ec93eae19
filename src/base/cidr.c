// SPDX-License-Identifier: Apache-2.0
// Networks as text, read anew at each question: lists are short and questions few. Parts are separated by commas
// or blanks. An address outside its own mask ("192.0.2.7/24") means the network it is in. What cannot be read
// matches nothing, so a spoilt list shuts out rather than lets in.
#include "base/cidr.h"

#include <arpa/inet.h>

typedef struct net {
    unsigned char bytes[16];
    int size;  // of the address: 4 or 16
    int bits;
} net;

static bool next_part(vg_str *list, vg_str *ret)
{
    static const char between[] = ", \t";
    size_t at = 0, end;
    while (at < list->n && strchr(between, list->p[at]) && list->p[at]) {
        at++;
    }
    for (end = at; end < list->n && !(list->p[end] && strchr(between, list->p[end])); end++) {
    }
    *ret = (vg_str){list->p + at, end - at};
    *list = (vg_str){list->p + end, list->n - end};
    return ret->n > 0;
}

static bool read_address(vg_str s, net *ret)
{
    char z[64];
    if (s.n == 0 || s.n >= sizeof z || memchr(s.p, 0, s.n)) {
        return false;
    }
    memcpy(z, s.p, s.n);
    z[s.n] = 0;
    ret->size = strchr(z, ':') ? 16 : 4;
    ret->bits = ret->size * 8;
    return inet_pton(ret->size == 16 ? AF_INET6 : AF_INET, z, ret->bytes) == 1;
}

static bool read_net(vg_str s, net *ret)
{
    const char *slash = memchr(s.p, '/', s.n);
    int64_t bits;
    if (!slash) {
        return read_address(s, ret);
    }
    const size_t before = (size_t)(slash - s.p);
    if (!read_address((vg_str){s.p, before}, ret) ||
        vg_str_i64((vg_str){slash + 1, s.n - before - 1}, 0, ret->bits, &bits, NULL) != VG_OK) {
        return false;
    }
    ret->bits = (int)bits;
    return true;
}

static bool within(const net *n, const net *a)
{
    const size_t whole = (size_t)n->bits / 8;
    const int rest = n->bits % 8;
    if (n->size != a->size || memcmp(n->bytes, a->bytes, whole) != 0) {
        return false;
    }
    return rest == 0 || ((n->bytes[whole] ^ a->bytes[whole]) >> (8 - rest)) == 0;
}

vg_status vg_cidr_check(vg_str list, vg_err *err)
{
    vg_str part;
    net n;
    int count = 0;
    if (list.n >= VG_CIDR_LIST) {
        return vg_fail(err, VG_ETOOBIG, "peers", "err.cidr_long", "%d", VG_CIDR_LIST - 1);
    }
    while (next_part(&list, &part)) {
        if (!read_net(part, &n) || ++count > VG_CIDR_MAX) {
            return vg_fail(err, VG_EINVALID, "peers", "err.cidr", "%.*s", VG_FMT(part));
        }
    }
    return VG_OK;
}

bool vg_cidr_has(vg_str list, const char *address)
{
    vg_str part;
    net n, a;
    bool any = true;
    const bool known = read_address(vg_str_c(address), &a);
    while (next_part(&list, &part)) {
        any = false;
        if (known && read_net(part, &n) && within(&n, &a)) {
            return true;
        }
    }
    return any;
}
