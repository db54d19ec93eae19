// SPDX-License-Identifier: Apache-2.0
// ECDSA P-256 throughout: browsers, phones and GnuTLS all take it, and a handshake is cheap. The CA may
// sign nothing below itself (path length 0) and lasts ten years; it is what people install once on
// their machines. The server certificate lasts 397 days, the longest all browsers accept. Only
// certificates are written here; keys are texts in memory, and whoever calls keeps them (app/tls_keys.c) before the
// certificates are written: a key without its certificate is given one, a certificate without its key never is.
// Deliberately absent: revocation lists and other issuers: an agency that has its own PKI puts its files
// here itself, and a certificate that is not ours is never renewed by us.
#include "net/tls_ca.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CA_DAYS = 3652, SERVER_DAYS = 397, RENEW_DAYS = 30, PATH_BYTES = 4096 };

typedef struct pair {
    X509 *cert;
    EVP_PKEY *key;
} pair;

static void pair_done(pair *p)
{
    X509_free(p->cert);
    EVP_PKEY_free(p->key);
}

static vg_status tls_fail(vg_err *err, const char *what)
{
    return vg_fail(err, VG_EIO, "", "http.err.certificate", "%s", what);
}

// --- files --------------------------------------------------------------------------------------
static const char *path_in(char out[PATH_BYTES], const char *dir, const char *name)
{
    snprintf(out, PATH_BYTES, "%s/%s", dir, name);
    return out;
}

static vg_status file_fail(vg_err *err, const char *path)
{
    return vg_fail(err, VG_EIO, "", "http.err.file", "%s: %s", path, strerrordesc_np(errno));
}

static FILE *open_private(const char *path)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!f && fd >= 0) {
        close(fd);
    }
    return f;
}

// Beside it and renamed: a crash leaves the old one or the new one.
static vg_status save(const char *dir, const char *name, const vg_buf *text, vg_err *err)
{
    char tmp[PATH_BYTES], path[PATH_BYTES];
    path_in(path, dir, name);
    snprintf(tmp, sizeof tmp, "%.*s.new", PATH_BYTES - 8, path);
    FILE *f = open_private(tmp);
    if (!f) {
        return file_fail(err, tmp);
    }
    bool ok = fwrite(text->p, 1, text->n, f) == text->n && fflush(f) == 0 && fsync(fileno(f)) == 0;
    ok = fclose(f) == 0 && ok;
    if (!ok || rename(tmp, path) != 0) {
        unlink(tmp);
        return file_fail(err, path);
    }
    return VG_OK;
}

// An empty text where there is no such file.
static vg_status slurp(const char *dir, const char *name, vg_buf *out, vg_err *err)
{
    char path[PATH_BYTES], chunk[4096];
    FILE *f = fopen(path_in(path, dir, name), "re");
    vg_buf_reset(out);
    if (!f) {
        return errno == ENOENT ? VG_OK : file_fail(err, path);
    }
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, f)) > 0;) {
        vg_buf_add(out, chunk, n);
    }
    const bool good = !ferror(f);
    fclose(f);
    OPENSSL_cleanse(chunk, sizeof chunk);
    return good ? VG_OK : file_fail(err, path);
}

// --- texts --------------------------------------------------------------------------------------
static X509 *cert_of(const vg_buf *text)
{
    BIO *b = BIO_new_mem_buf(text->n ? text->p : "", (int)text->n);
    X509 *x = b ? PEM_read_bio_X509(b, NULL, NULL, NULL) : NULL;
    BIO_free(b);
    return x;
}

static EVP_PKEY *key_of(const vg_buf *text)
{
    BIO *b = BIO_new_mem_buf(text->n ? text->p : "", (int)text->n);
    EVP_PKEY *k = b ? PEM_read_bio_PrivateKey(b, NULL, NULL, (void *)(uintptr_t) "") : NULL;
    BIO_free(b);
    return k;
}

static bool write_text(const pair *p, bool key, vg_buf *out)
{
    char *text;
    BIO *b = BIO_new(BIO_s_secmem());
    const bool ok = b && (key ? PEM_write_bio_PrivateKey(b, p->key, NULL, NULL, 0, NULL, NULL)
                              : PEM_write_bio_X509(b, p->cert)) == 1;
    const long n = ok ? BIO_get_mem_data(b, &text) : 0;
    vg_buf_reset(out);
    if (n > 0) {
        vg_buf_add(out, text, (size_t)n);
    }
    BIO_free(b);
    return n > 0 && !out->failed;
}

// --- making certificates ------------------------------------------------------------------------
static bool set_serial(X509 *x)
{
    unsigned char b[16];
    BIGNUM *n = NULL;
    if (RAND_bytes(b, sizeof b) != 1) {
        return false;
    }
    b[0] = (b[0] & 0x3f) | 0x40;  // positive, and always 16 bytes long
    n = BN_bin2bn(b, sizeof b, NULL);
    const bool ok = n && BN_to_ASN1_INTEGER(n, X509_get_serialNumber(x));
    BN_free(n);
    return ok;
}

static bool set_name(X509 *x, const char *common)
{
    X509_NAME *n = X509_get_subject_name(x);
    return X509_NAME_add_entry_by_txt(n, "O", MBSTRING_UTF8, (const unsigned char *)"vonggac", -1,
                                      -1, 0) == 1 &&
           X509_NAME_add_entry_by_txt(n, "CN", MBSTRING_UTF8, (const unsigned char *)common, -1, -1,
                                      0) == 1;
}

static bool add_ext(X509 *x, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX c;
    X509V3_set_ctx_nodb(&c);
    X509V3_set_ctx(&c, issuer, x, NULL, NULL, 0);
    X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, &c, nid, value);
    const bool ok = e && X509_add_ext(x, e, -1) == 1;
    X509_EXTENSION_free(e);
    return ok;
}

static bool start_cert(pair *p, const char *common, int days)
{
    p->key = p->key ? p->key : EVP_EC_gen("P-256");
    p->cert = X509_new();
    return p->key && p->cert && X509_set_version(p->cert, 2) == 1 && set_serial(p->cert) &&
           set_name(p->cert, common) &&
           X509_gmtime_adj(X509_getm_notBefore(p->cert), -3600) &&  // clocks of panels' PCs differ
           X509_time_adj_ex(X509_getm_notAfter(p->cert), days, 0, NULL) &&
           X509_set_pubkey(p->cert, p->key) == 1;
}

static bool make_ca(pair *ca, const char *host)
{
    char common[64];
    snprintf(common, sizeof common, "vonggac CA %.40s", host);
    return start_cert(ca, common, CA_DAYS) &&
           X509_set_issuer_name(ca->cert, X509_get_subject_name(ca->cert)) == 1 &&
           add_ext(ca->cert, ca->cert, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
           add_ext(ca->cert, ca->cert, NID_key_usage, "critical,keyCertSign,cRLSign") &&
           add_ext(ca->cert, ca->cert, NID_subject_key_identifier, "hash") &&
           X509_sign(ca->cert, ca->key, EVP_sha256()) > 0;
}

static bool is_address(const char *name)
{
    ASN1_OCTET_STRING *ip = a2i_IPADDRESS(name);
    ASN1_OCTET_STRING_free(ip);
    return ip != NULL;
}

// A name goes into OpenSSL's small value language: nothing but name characters may pass.
static bool is_name(const char *name)
{
    return name[0] && strlen(name) < 254 &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:*") ==
               strlen(name);
}

static void add_alt(vg_buf *b, const char *name)
{
    if (is_name(name)) {
        vg_buf_f(b, ",%s:%s", is_address(name) ? "IP" : "DNS", name);
    }
}

static bool make_server(pair *sv, const pair *ca, const char *host, const char *const *names)
{
    vg_buf alt;
    vg_buf_init(&alt, 8192);
    vg_buf_c(&alt, "DNS:localhost,IP:127.0.0.1,IP:::1");
    add_alt(&alt, host);
    for (; names && *names; names++) {
        add_alt(&alt, *names);
    }
    const char *values = vg_buf_z(&alt);
    const bool ok = !alt.failed &&
                    start_cert(sv, is_name(host) ? host : "localhost", SERVER_DAYS) &&
                    X509_set_issuer_name(sv->cert, X509_get_subject_name(ca->cert)) == 1 &&
                    add_ext(sv->cert, ca->cert, NID_basic_constraints, "critical,CA:FALSE") &&
                    add_ext(sv->cert, ca->cert, NID_key_usage, "critical,digitalSignature") &&
                    add_ext(sv->cert, ca->cert, NID_ext_key_usage, "serverAuth") &&
                    add_ext(sv->cert, ca->cert, NID_subject_key_identifier, "hash") &&
                    add_ext(sv->cert, ca->cert, NID_authority_key_identifier, "keyid") &&
                    add_ext(sv->cert, ca->cert, NID_subject_alt_name, values) &&
                    X509_sign(sv->cert, ca->key, EVP_sha256()) > 0;
    vg_buf_done(&alt);
    return ok;
}

// --- what is needed now -------------------------------------------------------------------------
static int64_t days_left(const X509 *x)
{
    int days = 0, secs = 0;
    return ASN1_TIME_diff(&days, &secs, NULL, X509_get0_notAfter(x)) == 1 ? days : -1;
}

static vg_status ensure_ca(vg_tls *t, const char *host, pair *ca, vg_err *err)
{
    if (ca->cert && !ca->key) {  // a loss, or somebody's decision: never overwrite it
        return tls_fail(err, "ca.pem");
    }
    if (ca->cert) {
        return VG_OK;
    }
    return make_ca(ca, host) && write_text(ca, false, &t->ca_cert) &&
                   write_text(ca, true, &t->ca_key)
               ? VG_OK
               : tls_fail(err, "ca.pem");
}

static bool is_pair(const pair *p)
{
    return p->cert && p->key && X509_check_private_key(p->cert, p->key) == 1;
}

// A usable pair that our CA did not sign came from somebody else's PKI.
static bool is_foreign(const pair *sv, const pair *ca)
{
    return is_pair(sv) && (!ca->key || X509_verify(sv->cert, ca->key) != 1);
}

static bool server_is_good(const pair *sv, const char *const *names)
{
    bool good = is_pair(sv) && days_left(sv->cert) >= RENEW_DAYS;
    for (; good && names && *names; names++) {
        good = !is_name(*names) || X509_check_host(sv->cert, *names, 0, 0, NULL) == 1 ||
               X509_check_ip_asc(sv->cert, *names, 0) == 1;
    }
    return good;
}

static vg_status renew(vg_tls *t, const char *const *names, pair *ca, vg_err *err)
{
    char host[256] = "localhost";
    pair sv = {0};
    gethostname(host, sizeof host - 1);
    vg_status st = ensure_ca(t, host, ca, err);
    if (st == VG_OK && !(make_server(&sv, ca, host, names) && write_text(&sv, false, &t->cert) &&
                         write_text(&sv, true, &t->key))) {
        st = tls_fail(err, "server.pem");
    }
    pair_done(&sv);
    return st;
}

// --- what others see ----------------------------------------------------------------------------
void vg_tls_init(vg_tls *t)
{
    vg_buf_init(&t->ca_cert, VG_TLS_TEXT);
    vg_buf_init(&t->ca_key, VG_TLS_TEXT);
    vg_buf_init(&t->cert, VG_TLS_TEXT);
    vg_buf_init(&t->key, VG_TLS_TEXT);
}

void vg_tls_wipe(vg_buf *b)
{
    OPENSSL_cleanse(b->p, b->n);
    vg_buf_done(b);
}

void vg_tls_done(vg_tls *t)
{
    vg_buf_done(&t->ca_cert);
    vg_buf_done(&t->cert);
    vg_tls_wipe(&t->ca_key);
    vg_tls_wipe(&t->key);
}

vg_status vg_tls_read(const char *dir, vg_tls *t, vg_err *err)
{
    VG_TRY(slurp(dir, "ca.pem", &t->ca_cert, err));
    return slurp(dir, "server.pem", &t->cert, err);
}

vg_status vg_tls_take(const char *dir, const char *name, const vg_buf *cert, vg_buf *ret_key,
                      bool *ret_fits, vg_err *err)
{
    VG_TRY(slurp(dir, name, ret_key, err));
    pair p = {cert_of(cert), key_of(ret_key)};
    *ret_fits = p.key && (!p.cert || X509_check_private_key(p.cert, p.key) == 1);
    pair_done(&p);
    return VG_OK;
}

vg_status vg_tls_ensure(vg_tls *t, const char *const *names, bool *ret_made, vg_err *err)
{
    pair ca = {cert_of(&t->ca_cert), key_of(&t->ca_key)}, sv = {cert_of(&t->cert), key_of(&t->key)};
    const bool lost = ca.key && !ca.cert;
    const bool good = is_foreign(&sv, &ca) || (!lost && server_is_good(&sv, names));
    const vg_status st = good ? VG_OK : renew(t, names, &ca, err);
    pair_done(&ca);
    pair_done(&sv);
    *ret_made = st == VG_OK && !good;
    return st;
}

vg_status vg_tls_write(const char *dir, const vg_tls *t, vg_err *err)
{
    if (mkdir(dir, 0700) != 0 && errno != EEXIST) {
        return file_fail(err, dir);
    }
    VG_TRY(save(dir, "ca.pem", &t->ca_cert, err));
    return save(dir, "server.pem", &t->cert, err);
}

// Overwritten first: what is only unlinked is still read off the disk. (An SSD or a journaling file system may keep it.)
vg_status vg_tls_shred(const char *dir, const char *name, vg_err *err)
{
    static const char zeros[VG_TLS_TEXT];
    char path[PATH_BYTES];
    struct stat st;
    const int fd = open(path_in(path, dir, name), O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        return errno == ENOENT ? VG_OK : file_fail(err, path);
    }
    const bool ok = fstat(fd, &st) == 0 && st.st_size <= VG_TLS_TEXT &&
                    pwrite(fd, zeros, (size_t)st.st_size, 0) == st.st_size && fsync(fd) == 0;
    close(fd);
    return ok && unlink(path) == 0 ? VG_OK : file_fail(err, path);
}

vg_status vg_tls_days_left(const char *file, int64_t *ret_days, vg_err *err)
{
    FILE *f = fopen(file, "re");
    X509 *x = f ? PEM_read_X509(f, NULL, NULL, NULL) : NULL;
    if (f) {
        fclose(f);
    }
    if (!x) {
        return tls_fail(err, file);
    }
    *ret_days = days_left(x);
    X509_free(x);
    return VG_OK;
}

vg_status vg_tls_ca_public(const char *dir, vg_buf *ret_der, char ret_print[VG_TLS_PRINT],
                           vg_err *err)
{
    unsigned char *der = NULL, hash[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    vg_buf text;
    vg_buf_init(&text, VG_TLS_TEXT);
    X509 *x = slurp(dir, "ca.pem", &text, err) == VG_OK ? cert_of(&text) : NULL;
    vg_buf_done(&text);
    if (!x) {
        return vg_fail(err, VG_ENOTFOUND, "", NULL, "%s", "ca.pem");
    }
    const int len = i2d_X509(x, &der);
    const bool ok = len > 0 && len < VG_TLS_TEXT && X509_digest(x, EVP_sha256(), hash, &n) == 1;
    X509_free(x);
    if (!ok) {
        OPENSSL_free(der);
        return tls_fail(err, "ca.pem");
    }
    vg_buf_init(ret_der, VG_TLS_TEXT);
    vg_buf_add(ret_der, der, (size_t)len);
    OPENSSL_free(der);
    for (unsigned i = 0; i < n && i < 32; i++) {
        snprintf(ret_print + 3 * (size_t)i, 4, "%02X%s", hash[i], i + 1 < n ? ":" : "");
    }
    return VG_OK;
}
