// SPDX-License-Identifier: Apache-2.0
// A pass phrase never comes from the command line, which every user of the machine can read, nor from a variable's value,
// which children inherit. What was typed is kept for the life of the process: a backup asks for the same one twice.
#include "app/phrase.h"

#include "base/text.h"

#include <ctype.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static vg_lang asked_in = VG_VI;

void app_phrase_lang(vg_lang lang)
{
    asked_in = lang;
}

static vg_status take(char *line, ssize_t n, char out[VG_PHRASE_BYTES], vg_err *err)
{
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create(16384);
    vg_str s = {line, 0}, composed;
    while ((ssize_t)s.n < n && line[s.n] != '\n' && line[s.n] != '\r') {
        s.n++;
    }
    if (!s.n) {
        return vg_fail(err, VG_EINVALID, "", "err.phrase_empty", "%s", "");
    }
    VG_TRY(vg_nfc(a, s, &composed, err));
    if (composed.n >= VG_PHRASE_BYTES || memchr(composed.p, 0, composed.n)) {
        return vg_fail(err, VG_ETOOBIG, "", "err.phrase_long", "%d", VG_PHRASE_BYTES - 1);
    }
    memcpy(out, composed.p, composed.n);
    out[composed.n] = '\0';
    return VG_OK;
}

static vg_status read_line(int fd, char out[VG_PHRASE_BYTES], vg_err *err)
{
    char line[2 * VG_PHRASE_BYTES];
    const ssize_t n = read(fd, line, sizeof line);
    const vg_status st =
        n >= 0 ? take(line, n, out, err) : vg_fail(err, VG_EIO, "", NULL, "%s", "pass phrase");
    sodium_memzero(line, sizeof line);
    return st;
}

// --- files ----------------------------------------------------------------------------------------
static vg_status from_file(const char *path, char out[VG_PHRASE_BYTES], vg_err *err)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return vg_fail(err, VG_ENOTFOUND, "", "err.phrase_file", "%s", path);
    }
    const vg_status st = read_line(fd, out, err);
    close(fd);
    return st;
}

static bool credential(const char *what, char path[480])
{
    const char *dir = getenv("CREDENTIALS_DIRECTORY");
    snprintf(path, 480, "%s/vonggac.%s", dir ? dir : "", what);
    return dir && access(path, R_OK) == 0;
}

static const char *named(const char *what)
{
    char name[64];
    snprintf(name, sizeof name, "VONGGAC_%s_PHRASE_FILE", what);
    for (char *c = name; *c; c++) {
        *c = (char)toupper((unsigned char)*c);
    }
    return getenv(name);
}

// --- the keyboard ---------------------------------------------------------------------------------
static vg_status typed(const char *question, char out[VG_PHRASE_BYTES], vg_err *err)
{
    struct termios as_it_was, quiet;
    const int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 || tcgetattr(fd, &as_it_was) != 0) {
        if (fd >= 0) {
            close(fd);
        }
        return vg_fail(err, VG_EUNAVAIL, "", "err.phrase_needed", "%s", "");
    }
    quiet = as_it_was;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(fd, TCSAFLUSH, &quiet);
    const char *text = vg_tr(asked_in, question);
    vg_status st = dprintf(fd, "%s: ", text) > 0 ? VG_OK : VG_EIO;
    st = st == VG_OK ? read_line(fd, out, err) : vg_fail(err, VG_EIO, "", NULL, "%s", "terminal");
    (void)!write(fd, "\n", 1);
    tcsetattr(fd, TCSAFLUSH, &as_it_was);
    close(fd);
    return st;
}

vg_status app_phrase(const char *what, char out[VG_PHRASE_BYTES], vg_err *err)
{
    static char kept[VG_PHRASE_BYTES], kept_what[16];
    char path[480];
    if (credential(what, path)) {
        return from_file(path, out, err);
    }
    if (named(what)) {
        return from_file(named(what), out, err);
    }
    if (strcmp(kept_what, what) != 0) {
        const bool node = strcmp(what, "node") == 0;
        VG_TRY(typed(node ? "cli.ask.node" : "cli.ask.recovery", kept, err));
        snprintf(kept_what, sizeof kept_what, "%s", what);
    }
    memcpy(out, kept, sizeof kept);
    return VG_OK;
}

static vg_status typed_twice(char out[VG_PHRASE_BYTES], vg_err *err)
{
    char again[VG_PHRASE_BYTES];
    VG_TRY(typed("cli.ask.new", out, err));
    VG_TRY(typed("cli.ask.again", again, err));
    const bool same = strcmp(out, again) == 0;
    sodium_memzero(again, sizeof again);
    return same ? VG_OK : vg_fail(err, VG_EINVALID, "", "err.phrase_differs", "%s", "");
}

vg_status app_phrase_new(char out[VG_PHRASE_BYTES], vg_err *err)
{
    VG_TRY(named("new") ? from_file(named("new"), out, err) : typed_twice(out, err));
    return vg_utf8_count(vg_str_c(out)) >= VG_PHRASE_MIN
               ? VG_OK
               : vg_fail(err, VG_EINVALID, "", "err.phrase_short", "%d", VG_PHRASE_MIN);
}
