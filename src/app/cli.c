// SPDX-License-Identifier: Apache-2.0
// Reading the command line with getopt_long over the verb's own table.
#include "app/cli.h"

#include "app/phrase.h"
#include "base/log.h"

#include <getopt.h>

enum { OPT_WORD = 1, OPT_OWN = 500, OPT_DATA = 1000, OPT_JSON, OPT_LANG, OPT_HELP };

const char *vg_cli_get(const vg_cli *cli, const char *option)
{
    for (size_t i = 0; cli->options && cli->options[i].name; i++) {
        if (strcmp(cli->options[i].name, option) == 0) {
            return cli->value[i];
        }
    }
    return NULL;
}

vg_status vg_cli_i64(const vg_cli *cli, const char *option, int64_t min, int64_t max,
                     int64_t missing, int64_t *ret, vg_err *err)
{
    const char *s = vg_cli_get(cli, option);
    *ret = missing;
    return s ? vg_str_i64(vg_str_c(s), min, max, ret, err) : VG_OK;
}

vg_status vg_cli_need_data(const vg_cli *cli, vg_err *err)
{
    return cli->data ? VG_OK : vg_fail(err, VG_EINVALID, "data", "cli.need_data", "%s", cli->verb);
}

void vg_say_line(const vg_cli *cli, const char *key, const char *const *args)
{
    vg_buf b;
    vg_buf_init(&b, 65536);
    vg_tr_add(&b, cli->lang, key, args);
    vg_say_json(&b);
    vg_buf_done(&b);
}

void vg_say_json(vg_buf *b)
{
    vg_buf_ch(b, '\n');
    fwrite(b->p, 1, b->n, stdout);
    fflush(stdout);
}

static size_t long_options(const vg_verb *v, struct option *out)
{
    size_t n = 0;
    for (const vg_option *o = v->options; o && o->name && n < VG_MAX_OPTIONS; o++, n++) {
        out[n] = (struct option){o->name, o->flag ? no_argument : required_argument, NULL,
                                 OPT_OWN + (int)n};
    }
    out[n++] = (struct option){"data", required_argument, NULL, OPT_DATA};
    out[n++] = (struct option){"json", no_argument, NULL, OPT_JSON};
    out[n++] = (struct option){"lang", required_argument, NULL, OPT_LANG};
    out[n++] = (struct option){"help", no_argument, NULL, OPT_HELP};
    out[n] = (struct option){0};
    return n;
}

static vg_status parse(const vg_verb *v, int argc, char **argv, vg_cli *cli, bool *ret_help,
                       vg_err *err)
{
    struct option longs[VG_MAX_OPTIONS + 5];
    long_options(v, longs);
    cli->options = v->options;
    opterr = 0;
    for (int c; (c = getopt_long(argc, argv, "-:", longs, NULL)) != -1;) {
        if (c == OPT_DATA) {
            cli->data = optarg;
        } else if (c == OPT_JSON) {
            cli->json = true;
        } else if (c == OPT_LANG) {
            cli->lang = vg_lang_parse(vg_str_c(optarg));
        } else if (c == OPT_HELP) {
            *ret_help = true;
        } else if (c == OPT_WORD && cli->n_words < VG_MAX_WORDS) {
            cli->word[cli->n_words++] = optarg;
        } else if (c == ':') {
            return vg_fail(err, VG_EINVALID, "", "cli.option_value", "%s", argv[optind - 1]);
        } else if (c >= OPT_OWN && c < OPT_OWN + VG_MAX_OPTIONS) {
            cli->value[c - OPT_OWN] = optarg ? optarg : "";
        } else {
            return vg_fail(err, VG_EINVALID, "", "cli.option_unknown", "%s", argv[optind - 1]);
        }
    }
    return VG_OK;
}

static int report(const vg_cli *cli, const vg_err *err)
{
    vg_buf b;
    vg_buf_init(&b, 65536);
    if (err->key && strncmp(err->key, "err.store.", 10) == 0) {  // the text leaves out why
        vg_log(VG_ERROR, "cli.store", "where=%s detail=\"%s\"", err->where, err->detail);
    }
    if (cli->json) {
        vg_jw w = vg_jw_on(&b);
        vg_jw_open(&w, '{');
        vg_jw_kz(&w, "error", vg_status_name(err->code));
        vg_jw_kz(&w, "key", err->key);
        vg_jw_kz(&w, "field", err->field);
        vg_jw_key(&w, "text");
        vg_buf text;
        vg_buf_init(&text, 8192);
        vg_tr_err(&text, cli->lang, err);
        vg_jw_str(&w, vg_buf_str(&text));
        vg_buf_done(&text);
        vg_jw_close(&w, '}');
    } else {
        vg_buf_c(&b, "vonggac: ");
        vg_tr_err(&b, cli->lang, err);
    }
    fprintf(stderr, "%s\n", vg_buf_z(&b));
    vg_buf_done(&b);
    return vg_status_exit(err->code);
}

// help [VERB] [--json] [--lang vi|en]
static int help(vg_cli *cli, int argc, char **argv, vg_err *err)
{
    const char *about = NULL;
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0) {
            cli->json = true;
        } else if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc) {
            cli->lang = vg_lang_parse(vg_str_c(argv[++i]));
        } else {
            about = argv[i];
        }
    }
    const vg_verb *v = about ? vg_verb_find(about) : NULL;
    if (about && !v) {
        err->code = vg_fail(err, VG_EINVALID, "", "cli.verb_unknown", "%s", about);
        return report(cli, err);
    }
    if (v) {
        vg_help_verb(v, cli->lang, stdout);
    } else if (cli->json) {
        vg_buf b;
        vg_buf_init(&b, 1 << 20);
        vg_help_json(&b);
        vg_say_json(&b);
        vg_buf_done(&b);
    } else {
        vg_help_all(cli->lang, argc < 2 ? stderr : stdout);
    }
    return argc < 2 ? vg_status_exit(VG_EINVALID) : 0;
}

int vg_cli_main(int argc, char **argv)
{
    const char *lang = getenv("VG_LANG");
    vg_cli cli = {.verb = argc > 1 ? argv[1] : "",
                  .lang = lang ? vg_lang_parse(vg_str_c(lang)) : VG_VI};
    vg_err err = {0};
    if (strcmp(cli.verb, "--version") == 0) {
        printf("vonggac %s\n", VG_VERSION);
        return 0;
    }
    if (argc < 2 || strcmp(cli.verb, "--help") == 0 || strcmp(cli.verb, "help") == 0) {
        return help(&cli, argc, argv, &err);
    }
    const vg_verb *v = vg_verb_find(cli.verb);
    if (!v) {
        err.code = vg_fail(&err, VG_EINVALID, "", "cli.verb_unknown", "%s", cli.verb);
        return report(&cli, &err);
    }
    bool want_help = false;
    vg_status s = parse(v, argc - 1, argv + 1, &cli, &want_help, &err);
    if (s == VG_OK && want_help) {
        vg_help_verb(v, cli.lang, stdout);
        return 0;
    }
    if (s == VG_OK) {
        app_phrase_lang(cli.lang);
        vg_phrase_ask_by(app_phrase);
        s = v->run(&cli, &err);
    }
    err.code = s;
    return s == VG_OK ? 0 : report(&cli, &err);
}
