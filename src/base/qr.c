// SPDX-License-Identifier: Apache-2.0
// libqrencode makes the modules, this draws them. The drawing needs no style, so it stands under the strictest
// content policy; the terminal gets light on dark turned round, which readers take as well as dark on light.
#include "base/qr.h"

#include <qrencode.h>

enum { QUIET = 4, TEXT_MAX = 1000 };

static QRcode *make(const char *text)
{
    return strlen(text) <= TEXT_MAX ? QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M) : NULL;
}

static bool dark(const QRcode *q, int x, int y)
{
    return x >= 0 && y >= 0 && x < q->width && y < q->width && (q->data[y * q->width + x] & 1);
}

static void escaped(vg_buf *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("&<>\"'", *text)) {
            vg_buf_f(out, "&#%d;", *text);
        } else {
            vg_buf_ch(out, *text);
        }
    }
}

bool vg_qr_svg(vg_buf *out, const char *text, const char *title)
{
    QRcode *q = make(text);
    if (!q) {
        return false;
    }
    const int side = q->width + 2 * QUIET;
    vg_buf_f(out,
             "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" "
             "shape-rendering=\"crispEdges\" aria-label=\"",
             side, side);
    escaped(out, title);
    vg_buf_f(out, "\"><rect width=\"%d\" height=\"%d\" fill=\"#fff\"/><path fill=\"#000\" d=\"",
             side, side);
    for (int y = 0; y < q->width; y++) {
        for (int x = 0, n; x < q->width; x += n) {
            for (n = 1; dark(q, x, y) && dark(q, x + n, y); n++) {
            }
            if (dark(q, x, y)) {
                vg_buf_f(out, "M%d %dh%dv1h-%dz", x + QUIET, y + QUIET, n, n);
            }
        }
    }
    vg_buf_c(out, "\"/></svg>");
    QRcode_free(q);
    return !out->failed;
}

bool vg_qr_terminal(vg_buf *out, const char *text)
{
    static const char *const halves[] = {"█", "▀", "▄", " "};  // light above and below, …
    QRcode *q = make(text);
    if (!q) {
        return false;
    }
    for (int y = -QUIET / 2; y < q->width + QUIET / 2; y += 2) {
        for (int x = -QUIET / 2; x < q->width + QUIET / 2; x++) {
            vg_buf_c(out, halves[dark(q, x, y) * 2 + dark(q, x, y + 1)]);
        }
        vg_buf_ch(out, '\n');
    }
    QRcode_free(q);
    return !out->failed;
}

bool vg_qr_rows(vg_buf *out, const char *text)
{
    QRcode *q = make(text);
    if (!q) {
        return false;
    }
    for (int y = 0; y < q->width; y++) {
        vg_buf_c(out, y ? "/" : "");
        for (int x = 0; x < q->width; x++) {
            vg_buf_ch(out, dark(q, x, y) ? '1' : '0');
        }
    }
    QRcode_free(q);
    return !out->failed;
}
