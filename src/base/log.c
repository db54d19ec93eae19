// SPDX-License-Identifier: Apache-2.0
// One write() a line, so lines of different threads do not mix. Under systemd the level is given as
// the journal's <N> prefix.
#include "base/log.h"

#include <unistd.h>

static _Atomic int lowest_level = VG_INFO;

void vg_log_level(vg_level lowest)
{
    lowest_level = (int)lowest;
}

void vg_log(vg_level level, const char *event, const char *fmt, ...)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    static const char *const prefix[] = {"<7>", "<6>", "<4>", "<3>"};
    if ((int)level < lowest_level) {
        return;
    }
    char line[1024];
    const bool native = getenv("JOURNAL_STREAM") != NULL;
    int n = snprintf(line, sizeof line - 1, "%slevel=%s event=%s ", native ? prefix[level] : "",
                     names[level], event);
    va_list ap;
    va_start(ap, fmt);
    const int m = vsnprintf(line + n, sizeof line - 1 - (size_t)n, fmt, ap);
    va_end(ap);
    n = m < 0 ? n : (n + m > (int)sizeof line - 2 ? (int)sizeof line - 2 : n + m);
    for (int i = 0; i < n; i++) {
        line[i] =
            (unsigned char)line[i] < 0x20 ? ' ' : line[i];  // one line, whatever a device sent
    }
    line[n] = '\n';
    const ssize_t w = write(STDERR_FILENO, line, (size_t)n + 1);
    (void)w;  // nowhere left to report to
}
