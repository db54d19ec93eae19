// SPDX-License-Identifier: Apache-2.0
// The whole look at a node: machine, files, settings here, what the data say from domain/care/exam.h. For the verb
// `doctor` and for GET /api/v1/health.
#pragma once

#include "base/conf.h"
#include "domain/care/exam.h"
#include "http/http.h"

typedef struct vg_exam_of {
    const char *dir;
    const vg_conf *conf;
    vg_core *core;  // the node of this process, or NULL
    bool running;   // a node runs on dir
    vg_db *db;      // with views; NULL: it could not be opened
} vg_exam_of;

void vg_exam_files(const vg_exam_of *of, vg_exam *x);  // directory, keys, disk, WAL, certificates
void vg_exam_host(const vg_exam_of *of, vg_exam *x);   // clock, ports, fonts
void vg_exam_all(const vg_exam_of *of, vg_exam *x);

// GET /api/v1/health, for who may read the node's metrics. core NULL: for the description only.
vg_http_raw vg_health_route(vg_core *core);
