// SPDX-License-Identifier: Apache-2.0
// simulate: plays seeded days of the invented province against a running node, through its sockets as real
// devices would. Only acts run at --speed; polls keep real time, because the node's supervision does. It is a
// client outside the node: it reads two files of the demonstration and connects to loopback addresses only, so
// that nobody points a fleet of false alarms at a real receiver.
#include "app/cli.h"
#include "app/simulate.h"
#include "base/clock.h"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { RUN_FILE_MAX = 4096, OFFSET_MIN = 7 * 60, LONGEST_WAIT_MS = 500 };
static const int64_t DAY_US = INT64_C(86400) * VG_SECOND_US;

static const vg_option OPTIONS[] = {{"speed", false, "N"},          {"seed", false, "N"},
                                    {"dc09", false, "ADDR:PORT"},   {"http", false, "ADDR:PORT"},
                                    {"device", false, "ADDR:PORT"}, {"hours", false, "N"},
                                    {"quiet", true, NULL},          {0}};

typedef struct simulation {
    const vg_cli *cli;
    sim_net net;
    sim_fleet fleet;
    sim_plan opening, plan;
    size_t at_opening, at_plan;
    int64_t speed, seed, hours;
    int64_t start_us, mono_us;  // simulated time began there, then
    int64_t day_us;             // the plan's midnight, in Viet Nam's time
    int day, stop_fd;
} simulation;

// --- where the node is ----------------------------------------------------------------------------
static vg_status read_run_file(const char *dir, json_t **ret, vg_err *err)
{
    char path[440], text[RUN_FILE_MAX];
    snprintf(path, sizeof path, "%s/run.json", dir);
    FILE *f = fopen(path, "re");
    if (!f) {
        return vg_fail(err, VG_EUNAVAIL, "data", "simulate.no_node", "%s", dir);
    }
    const size_t n = fread(text, 1, sizeof text, f);
    fclose(f);
    return vg_json_parse((vg_str){text, n}, sizeof text, ret, err);
}

static vg_status find_address(const vg_cli *cli, const json_t *run, const char *name, vg_addr *ret,
                              vg_err *err)
{
    const char *given = vg_cli_get(cli, name);
    const char *text = given ? given : json_string_value(json_object_get(run, name));
    if (!text) {
        return vg_fail(err, VG_EUNAVAIL, name, "simulate.no_address", "%s", name);
    }
    VG_TRY(vg_addr_parse(vg_str_c(text), ret, err));
    if (!sim_addr_is_loopback(ret)) {
        return vg_fail(err, VG_EDENIED, name, "simulate.not_loopback", "%s", text);
    }
    return VG_OK;
}

static vg_status find_node(simulation *s, vg_err *err)
{
    json_t *run = NULL;
    if (!vg_cli_get(s->cli, "dc09") || !vg_cli_get(s->cli, "http")) {
        VG_TRY(read_run_file(s->cli->data, &run, err));
    }
    vg_status st = find_address(s->cli, run, "dc09", &s->net.dc09, err);
    st = st == VG_OK ? find_address(s->cli, run, "http", &s->net.http, err) : st;
    if (st == VG_OK && (vg_cli_get(s->cli, "device") || json_object_get(run, "device"))) {
        st = find_address(s->cli, run, "device", &s->net.device, err);
    }
    json_decref(run);
    return st;
}

// --- telling --------------------------------------------------------------------------------------
static void told_json(const sim_device *d, const sim_say *s, const char *answer, int64_t took_us)
{
    vg_buf b;
    vg_buf_init(&b, 4096);
    vg_jw w = vg_jw_on(&b);
    vg_jw_open(&w, '{');
    vg_jw_ktime(&w, "at", vg_now_us());
    vg_jw_kz(&w, "device", d->name);
    vg_jw_kz(&w, "act", sim_act_name((sim_act)s->act));
    vg_jw_kz(&w, "point", s->point < d->n_points ? d->points[s->point].number : NULL);
    vg_jw_kz(&w, "answer", answer);
    vg_jw_ki64(&w, "took_us", took_us);
    vg_jw_close(&w, '}');
    vg_say_json(&b);
    vg_buf_done(&b);
}

static void told(void *ctx, const sim_device *d, const sim_say *s, sim_answer a, int64_t took_us)
{
    static const char *const ANSWERS[] = {[SIM_MORE] = "none",
                                          [SIM_ACK] = "ACK",
                                          [SIM_NAK] = "NAK",
                                          [SIM_DUH] = "DUH",
                                          [SIM_STRANGE] = "strange"};
    const simulation *sim = ctx;
    if (vg_cli_get(sim->cli, "quiet") || (s->act == SIM_poll && a == SIM_ACK)) {
        return;
    }
    if (sim->cli->json) {
        told_json(d, s, ANSWERS[a], took_us);
        return;
    }
    int t[6];
    char clock[16], act[40], answer[40], ms[24];
    vg_time_split(vg_now_us(), OFFSET_MIN, t);
    snprintf(clock, sizeof clock, "%02d:%02d:%02d", t[3], t[4], t[5]);
    snprintf(act, sizeof act, "simulate.act.%s", sim_act_name((sim_act)s->act));
    snprintf(answer, sizeof answer, "simulate.answer.%s", ANSWERS[a]);
    snprintf(ms, sizeof ms, "%lld", (long long)(took_us / VG_MS_US));
    vg_say_line(sim->cli, "simulate.line",
                (const char *const[]){"time", clock, "site", d->site[0] ? d->site : "–", "device",
                                      d->title[0] ? d->title : d->address, "act",
                                      vg_tr(sim->cli->lang, act), "point",
                                      s->point < d->n_points ? d->points[s->point].text : "",
                                      "answer", vg_tr(sim->cli->lang, answer), "ms", ms, NULL});
}

static void summary(const simulation *s)
{
    const sim_count *c = &s->net.count;
    uint64_t overflow = 0;
    for (uint16_t i = 0; i < s->fleet.n; i++) {
        overflow += s->fleet.v[i].overflow;
    }
    const struct {
        const char *name;
        uint64_t n;
    } FIGURES[] = {{"told", c->told},       {"polls", c->polls},     {"acks", c->acks},
                   {"naks", c->naks},       {"duhs", c->duhs},       {"timeouts", c->timeouts},
                   {"refused", c->refused}, {"strange", c->strange}, {"lost", c->lost},
                   {"overflow", overflow}};
    char text[VG_LEN(FIGURES)][24];
    const char *args[2 * VG_LEN(FIGURES) + 1] = {NULL};
    vg_buf b;
    vg_buf_init(&b, 1024);
    vg_jw w = vg_jw_on(&b);
    vg_jw_open(&w, '{');
    for (size_t i = 0; i < VG_LEN(FIGURES); i++) {
        snprintf(text[i], sizeof text[i], "%llu", (unsigned long long)FIGURES[i].n);
        args[2 * i] = FIGURES[i].name;
        args[2 * i + 1] = text[i];
        vg_jw_ki64(&w, FIGURES[i].name, (int64_t)FIGURES[i].n);
    }
    vg_jw_close(&w, '}');
    if (s->cli->json) {
        vg_say_json(&b);
    } else {
        vg_say_line(s->cli, "simulate.summary", args);
    }
    vg_buf_done(&b);
}

// --- time -----------------------------------------------------------------------------------------
static int64_t simulated(const simulation *s, int64_t now_us)
{
    return s->start_us + (now_us - s->mono_us) * s->speed;
}

static vg_status next_day(simulation *s, vg_err *err)
{
    s->day_us += DAY_US;
    s->day++;
    s->at_plan = 0;
    return sim_plan_day(&s->plan, &s->fleet, (uint64_t)s->seed, s->day, s->day_us, err);
}

static void play(simulation *s, sim_plan *p, size_t *at, int64_t until_us, int64_t now_us)
{
    for (; *at < p->n && p->v[*at].at_us <= until_us; (*at)++) {
        sim_queue(&s->fleet.v[p->v[*at].device], &p->v[*at], now_us);
    }
}

// What lies before the start is over and is not made up for.
static void skip(sim_plan *p, size_t *at, int64_t before_us)
{
    while (*at < p->n && p->v[*at].at_us < before_us) {
        (*at)++;
    }
}

static vg_status begin(simulation *s, vg_err *err)
{
    const int64_t shift_us = OFFSET_MIN * INT64_C(60) * VG_SECOND_US;
    s->start_us = vg_now_us();
    s->mono_us = vg_mono_us();
    s->day_us = (s->start_us + shift_us) / DAY_US * DAY_US - shift_us - DAY_US;
    s->day = -1;
    VG_TRY(next_day(s, err));
    skip(&s->plan, &s->at_plan, s->start_us);
    for (uint16_t i = 0; i < s->fleet.n; i++) {  // not all at once
        s->fleet.v[i].poll_us = s->mono_us + i * 150 * VG_MS_US;
    }
    return sim_plan_opening(&s->opening, &s->fleet, s->start_us, err);
}

static vg_status advance(simulation *s, int64_t now_us, vg_err *err)
{
    const int64_t until = simulated(s, now_us);
    play(s, &s->opening, &s->at_opening, until, now_us);
    play(s, &s->plan, &s->at_plan, until, now_us);
    while (until >= s->day_us + DAY_US) {
        VG_TRY(next_day(s, err));
        play(s, &s->plan, &s->at_plan, until, now_us);
    }
    return VG_OK;
}

static int64_t next_act(const simulation *s)  // vg_mono_us
{
    int64_t at = s->day_us + DAY_US;
    at = s->at_plan < s->plan.n && s->plan.v[s->at_plan].at_us < at ? s->plan.v[s->at_plan].at_us
                                                                    : at;
    at = s->at_opening < s->opening.n && s->opening.v[s->at_opening].at_us < at
             ? s->opening.v[s->at_opening].at_us
             : at;
    return s->mono_us + (at - s->start_us) / s->speed + 1;
}

// --- the loop -------------------------------------------------------------------------------------
static bool turn(simulation *s, int64_t now_us)  // false: asked to stop
{
    struct pollfd p[SIM_MAX_DEVICES + 1];
    sim_device *of[SIM_MAX_DEVICES + 1];
    int64_t wake = next_act(s);
    nfds_t n = 1;
    p[0] = (struct pollfd){.fd = s->stop_fd, .events = POLLIN};
    for (uint16_t i = 0; i < s->fleet.n; i++) {
        sim_device *d = &s->fleet.v[i];
        const int64_t at = sim_line_step(&s->net, d, now_us);
        wake = at < wake ? at : wake;
        const short events = sim_line_events(d);
        if (events) {
            p[n] = (struct pollfd){.fd = d->fd, .events = events};
            of[n++] = d;
        }
    }
    const int64_t ms = wake <= now_us ? 0 : (wake - now_us) / VG_MS_US + 1;
    if (poll(p, n, ms < LONGEST_WAIT_MS ? (int)ms : LONGEST_WAIT_MS) > 0) {
        now_us = vg_mono_us();
        for (nfds_t i = 1; i < n; i++) {
            if (p[i].revents && of[i]->fd == p[i].fd) {
                sim_line_ready(&s->net, of[i], p[i].revents, now_us);
            }
        }
    }
    return !(p[0].revents & POLLIN);
}

static vg_status loop(simulation *s, vg_err *err)
{
    VG_TRY(begin(s, err));
    const int64_t end_us = s->hours ? s->start_us + s->hours * 3600 * VG_SECOND_US : INT64_MAX;
    for (bool on = true; on;) {
        const int64_t now_us = vg_mono_us();
        VG_TRY(advance(s, now_us, err));
        on = turn(s, now_us) && simulated(s, now_us) < end_us;
    }
    return VG_OK;
}

static vg_status options(simulation *s, vg_err *err)
{
    VG_TRY(vg_cli_need_data(s->cli, err));
    VG_TRY(vg_cli_i64(s->cli, "speed", 1, 10000, 1, &s->speed, err));
    VG_TRY(vg_cli_i64(s->cli, "seed", 0, INT64_MAX, 1, &s->seed, err));
    VG_TRY(vg_cli_i64(s->cli, "hours", 1, 87600, 0, &s->hours, err));
    VG_TRY(find_node(s, err));
    VG_TRY(sim_fleet_load(s->cli->data, &s->fleet, err));
    if (!s->net.device.len) {  // a port that is off unless given
        sim_fleet_mute(&s->fleet, SIM_HIKVISION);
        sim_fleet_mute(&s->fleet, SIM_ZKTECO);
    }
    return VG_OK;
}

static int stop_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static vg_status run(const vg_cli *cli, vg_err *err)
{
    simulation *s = vg_alloc(sizeof *s);
    s->cli = cli;
    vg_status st = options(s, err);
    if (st == VG_OK) {
        s->net.told = told;
        s->net.ctx = s;
        s->net.crypt = vg_dc09_crypt_create();
        s->stop_fd = stop_signals();
        st = s->stop_fd >= 0 ? loop(s, err) : vg_fail(err, VG_EINTERNAL, "", NULL, "signalfd");
        close(s->stop_fd);
        summary(s);
        if (st == VG_OK && s->net.count.acks == 0 && s->net.count.lost > 0) {
            st = vg_fail(err, VG_EUNAVAIL, "", "simulate.nobody", "%llu",
                         (unsigned long long)s->net.count.lost);
        }
    }
    vg_dc09_crypt_destroy(s->net.crypt);
    sim_plan_done(&s->opening);
    sim_plan_done(&s->plan);
    sim_fleet_done(&s->fleet);
    free(s);
    return st;
}

const vg_verb vg_verb_simulate = {"simulate", OPTIONS, NULL, run};
