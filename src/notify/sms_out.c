// SPDX-License-Identifier: Apache-2.0
// Short messages by a spool folder that smstools (smsd) empties: one file a recipient, header lines, an empty
// line, the text in UCS-2 or, for old telephones and half the price, in plain letters. A file appears whole:
// it is written under a name that smsd passes over (it ends in .LOCK), then renamed. The name comes from the
// parcel's number, so a repeat before smsd took it replaces it. A folder that cannot be written is the link's
// problem, and one that smsd does not empty is too: after SPOOL_MAX files nothing is added to it.
#include "notify/dial.h"
#include "notify/message.h"
#include "notify/senders.h"

#include "base/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PEOPLE_MAX = 64, SPOOL_MAX = 1000, FILE_BYTES = 1024, IDLE_MS = 30000 };

typedef struct spool {
    vg_core *core;
    char folder[VG_LINK_FOLDER], link[VG_ID_TEXT];
    bool plain;
} spool;

// Digits with their country's code and no sign before them, as smsd wants it.
static bool number_of(vg_str s, char out[17])
{
    if (s.n && s.p[0] == '+') {
        s.p++;
        s.n--;
    } else if (s.n > 1 && s.p[0] == '0') {
        snprintf(out, 17, "84%.*s", (int)(s.n - 1 < 14 ? s.n - 1 : 14), s.p + 1);
        return s.n <= 15 && strspn(out, "0123456789") == strlen(out);
    }
    snprintf(out, 17, "%.*s", (int)(s.n < 16 ? s.n : 16), s.p);
    return s.n >= 3 && s.n <= 16 && strspn(out, "0123456789") == strlen(out);
}

// The text is valid UTF-8 from our own catalogue and NFC names; what UCS-2 lacks becomes a question mark.
static void add_ucs2(vg_buf *b, vg_str s)
{
    for (size_t i = 0; i < s.n;) {
        const unsigned char c = (unsigned char)s.p[i];
        const size_t len = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
        uint32_t u = len == 1 ? c : c & (0xffu >> (len + 1));
        for (size_t k = 1; k < len && i + k < s.n; k++) {
            u = u << 6 | ((unsigned char)s.p[i + k] & 0x3f);
        }
        u = u > 0xffff ? '?' : u;
        vg_buf_ch(b, (char)(u >> 8));
        vg_buf_ch(b, (char)(u & 0xff));
        i += len;
    }
}

static bool write_whole(const char *path, vg_str s)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0660);
    if (fd < 0) {
        return false;
    }
    const bool ok = write(fd, s.p, s.n) == (ssize_t)s.n && fsync(fd) == 0;
    return close(fd) == 0 && ok;
}

static bool put_file(const spool *s, const char *name, vg_str content)
{
    char hidden[VG_LINK_FOLDER + 96], final[VG_LINK_FOLDER + 96];
    snprintf(hidden, sizeof hidden, "%s/.%s.LOCK", s->folder, name);
    snprintf(final, sizeof final, "%s/%s", s->folder, name);
    if (write_whole(hidden, content) && rename(hidden, final) == 0) {
        return true;
    }
    vg_log(VG_WARN, "sms.spool", "link=%s error=%s", s->link, strerror(errno));
    unlink(hidden);
    return false;
}

static bool send_to(const spool *s, const char *number, const char *name, vg_str text)
{
    vg_buf b;
    vg_buf_init(&b, FILE_BYTES);
    vg_buf_f(&b, "To: %s\nAlphabet: %s\n\n", number, s->plain ? "ISO" : "UCS");
    if (s->plain) {
        vg_buf_s(&b, text);
    } else {
        add_ucs2(&b, text);
    }
    const bool ok = !b.failed && put_file(s, name, vg_buf_str(&b));
    vg_buf_done(&b);
    return ok;
}

static void send_one(const spool *s, vg_arena *a, const vg_parcel *p, vg_parcel_result *ret)
{
    const vg_str text = vg_message_short(a, p, s->plain);
    vg_str to = vg_str_c(p->to);
    int sent = 0;
    for (int i = 0; to.n && i < PEOPLE_MAX; i++) {
        char number[17], name[80];
        const char *comma = memchr(to.p, ',', to.n);
        const vg_str one = vg_str_trim((vg_str){to.p, comma ? (size_t)(comma - to.p) : to.n});
        const size_t skip = comma ? (size_t)(comma - to.p) + 1 : to.n;
        to.p += skip;
        to.n -= skip;
        snprintf(name, sizeof name, "vonggac-%s-%lld-%d", s->link, (long long)p->number, i);
        if (!number_of(one, number)) {
            continue;
        }
        if (!send_to(s, number, name, text)) {
            ret->problem = "link.folder";
            return;
        }
        sent++;
    }
    if (sent == 0) {
        *ret = (vg_parcel_result){.problem = "link.no_recipient", .for_good = true};
    }
}

// Whether there is a folder to write to, and somebody who empties it.
static const char *spool_problem(const spool *s)
{
    DIR *d = opendir(s->folder);
    int n = 0;
    if (!d) {
        return "link.folder";
    }
    while (n < SPOOL_MAX && readdir(d)) {
        n++;
    }
    closedir(d);
    return n >= SPOOL_MAX                        ? "link.not_emptied"
           : access(s->folder, W_OK | X_OK) == 0 ? NULL
                                                 : "link.folder";
}

// A test has no recipient: that the folder is there and is being emptied is what can be tried without a cost.
static void send_all(void *state, vg_arena *a, const vg_parcel *v, size_t n, vg_parcel_result *ret)
{
    const spool *s = state;
    const char *down = spool_problem(s);
    for (size_t i = 0; i < n; i++) {
        const bool trial = strcmp(v[i].kind, "test") == 0 && !*v[i].to;
        if (!vg_dial_may_leave(s->core, &v[i], "sms", 0, &ret[i])) {
            continue;
        }
        if (down) {
            ret[i].problem = down;
        } else if (!trial) {
            send_one(s, a, &v[i], &ret[i]);
            down = ret[i].for_good ? NULL : ret[i].problem;
        }
    }
}

static const char *look(void *state, vg_arena *a)
{
    (void)a;
    return spool_problem(state);
}

static void *open_spool(vg_core *core, const vg_link *link, vg_str secret, const char **ret_problem)
{
    (void)secret;
    spool *s = vg_alloc(sizeof *s);
    *s = (spool){.core = core, .plain = vg_js_bool(vg_str_c(link->options), "unaccented", false)};
    memcpy(s->link, link->id, sizeof s->link);
    if (vg_link_folder(core, link, s->folder, NULL) == VG_OK) {
        return s;
    }
    free(s);
    *ret_problem = "link.options";
    return NULL;
}

const vg_sender_kind vg_sender_sms = {.kind = "sms",
                                      .open = open_spool,
                                      .close = free,
                                      .send = send_all,
                                      .idle = look,
                                      .idle_ms = IDLE_MS};
